//! Tables as plain text and CSV.

use serde::Serialize;

/// A table: headings, and rows of the same length.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Table {
    /// Headings.
    pub header: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// Starts a table without rows.
    pub fn new(header: &[&str]) -> Self {
        Self { header: header.iter().map(ToString::to_string).collect(), rows: Vec::new() }
    }

    /// Returns plain text: the first column left-aligned, the others right-aligned, with two spaces
    /// between them.
    pub fn text(&self) -> String {
        let lines: Vec<&Vec<String>> = std::iter::once(&self.header).chain(&self.rows).collect();
        let width = |column: usize| lines.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.header.len()).map(width).collect();
        let mut text = String::new();
        for row in lines {
            for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
                match column {
                    0 => text.push_str(&format!("{cell:<width$}")),
                    _ => text.push_str(&format!("  {cell:>width$}")),
                }
            }
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
        text
    }

    /// Returns comma-separated values.
    ///
    /// # Errors
    /// If the rows differ in length.
    pub fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        std::iter::once(&self.header).chain(&self.rows).try_for_each(|row| writer.write_record(row))?;
        writer.into_inner().map_err(|error| error.into_error().into())
    }
}

/// Formats a number with the given decimals; a dash if it is not finite.
pub fn number(value: f64, decimals: usize) -> String {
    if value.is_finite() { format!("{value:.decimals$}") } else { "–".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let mut table = Table::new(&["part", "IO"]);
        table.rows.push(vec!["jaw".into(), number(12.3456, 2)]);
        table.rows.push(vec!["brows°".into(), number(f64::NAN, 2)]);
        assert_eq!(table.text(), "part       IO\njaw     12.35\nbrows°      –\n");
    }
}
