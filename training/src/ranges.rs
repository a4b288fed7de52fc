//! Ranges of hyper-parameters. The table of a struct is the only place that states them; a test
//! compares the documentation of the fields with it.

/// A number of a configuration and the range in which it must lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// Name of the field.
    pub name: &'static str,
    /// The value to check.
    pub value: f32,
    /// Smallest value allowed.
    pub low: f32,
    /// Largest value allowed.
    pub high: f32,
}

/// A number outside its range.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{name} is {value}, outside {low} to {high}")]
pub struct OutOfRange {
    /// Name of the number, with the table or stage that it belongs to.
    pub name: String,
    /// Its value.
    pub value: f32,
    /// Smallest value allowed.
    pub low: f32,
    /// Largest value allowed.
    pub high: f32,
}

/// A row of a table.
pub fn range(name: &'static str, value: f32, low: f32, high: f32) -> Range {
    Range { name, value, low, high }
}

/// Checks every row; `place` makes a full name of a field's name.
///
/// # Errors
/// The first number outside its range.
pub fn check(ranges: &[Range], place: impl Fn(&str) -> String) -> Result<(), OutOfRange> {
    // Not-a-number lies in no range.
    match ranges.iter().find(|range| !(range.low..=range.high).contains(&range.value)) {
        Some(&Range { name, value, low, high }) => Err(OutOfRange { name: place(name), value, low, high }),
        None => Ok(()),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Asserts that the documentation of each field of a struct (or variant) states the table's
    /// range.
    #[track_caller]
    pub fn assert_documented(source: &str, item: &str, ranges: &[Range]) {
        let start = source.find(&format!("{item} {{\n")).unwrap_or_else(|| panic!("{item} is not defined"));
        let body = &source[start..];
        for Range { name, low, high, .. } in ranges {
            let field = body.find(&format!(" {name}: ")).unwrap_or_else(|| panic!("{item} has no field {name}"));
            let lines = body[..field].lines().rev().skip(1).filter(|line| !line.trim().starts_with("#["));
            let docs: Vec<&str> = lines.map(str::trim).take_while(|line| line.starts_with("///")).collect();
            let text: String = docs.iter().rev().map(|line| line[3..].to_owned()).collect();
            let wanted = format!("Range {low} to {high}.");
            assert!(text.ends_with(&wanted), "{item}.{name}: `{text}` does not end with `{wanted}`");
        }
    }

    #[test]
    fn the_first_number_out_of_range_is_named() {
        let table = [range("a", 1.0, 0.0, 1.0), range("b", f32::NAN, 0.0, 1.0), range("c", 9.0, 0.0, 1.0)];
        let error = check(&table, |name| format!("start.{name}")).unwrap_err();
        assert_eq!(error.to_string(), "start.b is NaN, outside 0 to 1");
        assert_eq!(check(&table[..1], str::to_owned), Ok(()));
    }
}
