//! The image at sizes that fall by a sixth from level to level, bilinearly interpolated, each from the one before.

use crate::image::GreyImage;

/// Ratio of a level's size to that of the next.
pub(super) const STEP: f64 = 6.0 / 5.0;
/// Offset of a place between a level and the next.
const OFFSET: f64 = 0.3;
/// Places whose columns are worked out together; those left over at the end are rounded otherwise.
const LANES: usize = 4;

/// A coordinate of a level in the level before.
pub(super) fn up(v: f64) -> f64 {
    v * STEP + OFFSET
}

/// A coordinate of a level in the next one.
fn down(v: f64) -> f64 {
    (v - OFFSET) * (5.0 / 6.0)
}

/// Offset of a doubled image, horizontally and vertically, in its own pixels.
const DOUBLED_OFFSET: [f64; 2] = [1.25, 0.75];

/// A coordinate of the doubled image in the image.
pub(super) fn halved(v: f64, axis: usize) -> f64 {
    v / 2.0 - DOUBLED_OFFSET[axis]
}

/// The channels of an image at twice their size.
pub(super) fn doubled(image: &[GreyImage]) -> Vec<GreyImage<'static>> {
    let last = |side: u32, axis: usize| ((f64::from(side) - 1.0 + DOUBLED_OFFSET[axis]) * 2.0 + 0.5).floor() as u32;
    let [width, height] = size(image);
    resized(image, [last(width, 0) + 1, last(height, 1) + 1])
}

/// Width and height of an image's channels.
fn size(image: &[GreyImage]) -> [u32; 2] {
    image.first().map_or([0, 0], |channel| [channel.width(), channel.height()])
}

/// The levels, the image's channels themselves first; at most `most`, and all but the first at least as large as
/// `smallest`.
pub(super) fn levels(image: &[GreyImage], most: u32, smallest: [u32; 2]) -> Vec<Vec<GreyImage<'static>>> {
    let mut levels = vec![image.iter().map(|channel| channel.clone().into_owned()).collect::<Vec<_>>()];
    // A level counts as large as its corners say, which is not always its number of pixels.
    let mut corner = size(image).map(|side| i64::from(side) - 1);
    while levels.len() < most as usize {
        corner = corner.map(|v| (down(v as f64) + 0.5).floor() as i64);
        let last = &levels[levels.len() - 1];
        let size = size(last).map(|side| (u64::from(side) * 5 / 6) as u32);
        if [0, 1].iter().any(|&axis| corner[axis] + 1 < smallest[axis].into() || size[axis] == 0) {
            break;
        }
        levels.push(resized(last, size));
    }
    levels
}

/// A column between two of the image's.
#[derive(Clone, Copy)]
struct Column {
    left: usize,
    right: usize,
    /// Weight of the right one.
    share: f64,
}

/// The channels of an image at another size, corner on corner. Grey levels and colours are rounded otherwise.
fn resized(image: &[GreyImage], size: [u32; 2]) -> Vec<GreyImage<'static>> {
    let mix = if image.len() == 1 { mix_grey } else { mix_colour };
    image.iter().map(|channel| resized_channel(channel, size, mix)).collect()
}

/// Works out a row of a level: its first `whole` pixels come in whole groups.
type Mix = fn(rows: &Rows, columns: &[Column], whole: usize, out: &mut [u8]);

fn resized_channel(image: &GreyImage, [width, height]: [u32; 2], mix: Mix) -> GreyImage<'static> {
    let (columns, whole) = columns(image.width() as usize, width as usize);
    let step = scale(image.height() as usize, height as usize);
    let mut pixels = vec![0u8; width as usize * height as usize];
    let mut y = -step;
    for out in pixels.chunks_exact_mut(columns.len().max(1)) {
        y += step;
        let top = (y.floor() as usize).min(image.height() as usize - 1);
        let below = (top + 1).min(image.height() as usize - 1);
        let row = |y: usize| &image.as_raw()[y * image.width() as usize..][..image.width() as usize];
        mix(&Rows { top: row(top), below: row(below), share: y - top as f64 }, &columns, whole, out);
    }
    GreyImage::of(width, height, pixels)
}

/// Pixels of the source a pixel of the target.
fn scale(source: usize, target: usize) -> f64 {
    (source as f64 - 1.0) / (target as f64 - 1.0).max(1.0)
}

/// The columns of the target, and how many of them come in whole groups of [`LANES`].
///
/// The places of whole groups add up in single precision, which for wide images is seen in the pixels.
fn columns(source: usize, target: usize) -> (Vec<Column>, usize) {
    let step = scale(source, target);
    let last = source - 1;
    let column = |left: usize, share: f64| Column { left: left.min(last), right: (left + 1).min(last), share };
    let mut columns = Vec::with_capacity(target + LANES);
    let mut group: [f32; LANES] = std::array::from_fn(|lane| ((lane as f64 - LANES as f64) * step) as f32);
    while columns.len() < target {
        group = group.map(|x| x + (LANES as f64 * step) as f32);
        if group[LANES - 1] as usize + 1 > last {
            break;
        }
        columns.extend(group.map(|x| column(x as usize, (x - (x as usize) as f32).into())));
    }
    let whole = columns.len().min(target);
    columns.truncate(target);
    let mut x = columns.len() as f64 * step - step;
    while columns.len() < target {
        x += step;
        columns.push(column(x.floor() as usize, x - x.floor()));
    }
    (columns, whole)
}

/// Two rows of the image, and how far the place is from the first.
struct Rows<'a> {
    top: &'a [u8],
    below: &'a [u8],
    share: f64,
}

/// The mean of four pixels in single precision.
#[inline(always)]
fn between(rows: &Rows, c: &Column) -> f32 {
    let (low, high) = (rows.share as f32, (1.0 - rows.share) as f32);
    let (far, near) = (c.share as f32, 1.0 - c.share as f32);
    high * near * f32::from(rows.top[c.left])
        + high * far * f32::from(rows.top[c.right])
        + low * near * f32::from(rows.below[c.left])
        + low * far * f32::from(rows.below[c.right])
}

/// A row of grey levels: whole groups are rounded, the others cut.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn mix_grey(rows: &Rows, columns: &[Column], whole: usize, out: &mut [u8]) {
    let (grouped, single) = out.split_at_mut(whole);
    for (out, c) in grouped.iter_mut().zip(columns) {
        *out = (between(rows, c) + 0.5) as u8;
    }
    for (out, c) in single.iter_mut().zip(&columns[whole..]) {
        let share = c.share as f32;
        let across = |row: &[u8]| f64::from((1.0 - share) * f32::from(row[c.left]) + share * f32::from(row[c.right]));
        *out = ((1.0 - rows.share) * across(rows.top) + rows.share * across(rows.below)) as f32 as u8;
    }
}

/// A row of a colour: all are cut, those of no whole group from double precision.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn mix_colour(rows: &Rows, columns: &[Column], whole: usize, out: &mut [u8]) {
    let (grouped, single) = out.split_at_mut(whole);
    for (out, c) in grouped.iter_mut().zip(columns) {
        *out = between(rows, c) as u8;
    }
    for (out, c) in single.iter_mut().zip(&columns[whole..]) {
        let across = |row: &[u8]| (1.0 - c.share) * f64::from(row[c.left]) + c.share * f64::from(row[c.right]);
        *out = ((1.0 - rows.share) * across(rows.top) + rows.share * across(rows.below)) as u8;
    }
}
