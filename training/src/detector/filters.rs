//! Fits the filters: one plane per pose, rounded to integers, with limits for early rejection.

use lineament::raw::{Filter, Window};
use rayon::prelude::*;

use super::faces::FaceWindows;
use super::hyperparams::FilterParams;
use super::poses::Pose;
use super::samples::{Samples, mirror};
use super::svm::{self, Plane};
use crate::rng::seed_of_round;

/// Fits one plane per pose between its faces and windows without a face. Of two mirrored poses, one
/// is fitted and the other is its mirror image.
pub fn fit(
    faces: &FaceWindows,
    others: &Samples,
    poses: &[Pose],
    window: &Window,
    params: &FilterParams,
    seed: u64,
) -> Vec<Filter> {
    let others: Vec<&[i16]> = others.rows().collect();
    let fitted: Vec<Option<Plane>> = (0..poses.len())
        .into_par_iter()
        .map(|pose| {
            (pose <= poses[pose].mirror).then(|| {
                let own: Vec<&[i16]> = rows_of(faces, pose).collect();
                // Weighted as if there were as many faces as other windows.
                let weight = others.len() as f32 / own.len().max(1) as f32;
                svm::fit(
                    &own,
                    &others,
                    (params.cost * weight.max(1.0), params.cost),
                    params.epochs,
                    seed_of_round(seed, pose),
                )
            })
        })
        .collect();
    let plane = |pose: usize| match &fitted[pose] {
        Some(plane) => plane.clone(),
        None => {
            let twin = fitted[poses[pose].mirror].clone().unwrap_or_default();
            Plane { weights: mirror(&twin.weights, window), bias: twin.bias }
        }
    };
    (0..poses.len()).map(plane).map(|plane| Filter::new(&plane.weights, plane.bias, window)).collect()
}

/// Sets the order of rows and the limits so that each filter rejects the given share of its own
/// faces.
pub fn set_limits(filters: &mut [Filter], faces: &FaceWindows, others: &Samples, loss: f32) {
    for (pose, filter) in filters.iter_mut().enumerate() {
        let own: Vec<Vec<i32>> = rows_of(faces, pose).map(|row| filter.row_sums(row).collect()).collect();
        let all: Vec<Vec<i32>> = others.rows().map(|row| filter.row_sums(row).collect()).collect();
        if own.is_empty() {
            continue;
        }
        filter.order = order(&own, &all);
        let partial: Vec<Vec<i64>> = own.iter().map(|sums| running(sums, &filter.order)).collect();
        let mut last: Vec<i64> = partial.iter().map(|sums| sums[sums.len() - 1]).collect();
        last.sort_unstable();
        let allowed = |share: f32| ((share * own.len() as f32) as usize).min(own.len() - 1);
        // Half of the loss at the end, half at the rows before.
        let bar = last[allowed(loss / 2.0)];
        let kept: Vec<&Vec<i64>> = partial.iter().filter(|sums| sums[sums.len() - 1] >= bar).collect();
        let rows = filter.order.len();
        filter.limits = (0..rows)
            .map(|stage| {
                let mut sums: Vec<i64> = kept.iter().map(|sums| sums[stage]).collect();
                sums.sort_unstable();
                let share = if stage + 1 == rows { 0.0 } else { loss / 2.0 / rows as f32 };
                sums[allowed(share).min(sums.len() - 1)] as i32
            })
            .collect();
    }
}

fn rows_of(faces: &FaceWindows, pose: usize) -> impl Iterator<Item = &[i16]> {
    faces.samples.rows().zip(&faces.poses).filter(move |(_, p)| **p == pose).map(|(row, _)| row)
}

fn running(sums: &[i32], order: &[u8]) -> Vec<i64> {
    let mut total = 0;
    order
        .iter()
        .map(|&row| {
            total += i64::from(sums[usize::from(row)]);
            total
        })
        .collect()
}

/// Orders rows greedily by how much they add to the separation of faces and others: difference of
/// the means over the standard deviation.
fn order(own: &[Vec<i32>], others: &[Vec<i32>]) -> Vec<u8> {
    let rows = own[0].len();
    let mut order: Vec<u8> = Vec::new();
    let mut totals = (vec![0.0f64; own.len()], vec![0.0f64; others.len()]);
    while order.len() < rows {
        let separation = |row: usize| {
            let (a, b) = (moments(own, &totals.0, row), moments(others, &totals.1, row));
            (a.0 - b.0) / (a.1 + b.1).sqrt().max(1e-9)
        };
        let free = (0..rows).filter(|&row| !order.contains(&(row as u8)));
        let best = free.max_by(|&a, &b| separation(a).total_cmp(&separation(b))).unwrap_or(0);
        for (sums, total) in [(own, &mut totals.0), (others, &mut totals.1)] {
            sums.iter().zip(total).for_each(|(sums, total)| *total += f64::from(sums[best]));
        }
        order.push(best as u8);
    }
    order
}

/// Mean and variance of the totals with one more row.
fn moments(sums: &[Vec<i32>], totals: &[f64], row: usize) -> (f64, f64) {
    let count = sums.len().max(1) as f64;
    let values = || sums.iter().zip(totals).map(|(sums, total)| total + f64::from(sums[row]));
    let mean = values().sum::<f64>() / count;
    (mean, values().map(|v| (v - mean).powi(2)).sum::<f64>() / count)
}
