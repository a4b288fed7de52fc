//! The limits of the machine, on one thread, with which the other benchmarks are compared.

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// Bytes that fit into the nearest cache, and bytes that fit into none.
const NEAR: usize = 16 << 10;
const FAR: usize = 256 << 20;

/// Reading memory that is in no cache.
#[divan::bench]
fn read_memory(bencher: Bencher) {
    let far = vec![1u64; FAR / 8];
    bencher.counter(BytesCount::new(FAR)).bench(|| add_up(black_box(&far)));
}

#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn add_up(numbers: &[u64]) -> u64 {
    numbers.iter().fold(0, |sum, &v| sum ^ v)
}

/// Products of 16-bit numbers, added up, from the nearest cache: the filters' arithmetic.
#[divan::bench]
fn integer_products(bencher: Bencher) {
    let [a, b] = [3i16, 5].map(|v| vec![v; NEAR / 4]);
    bencher.counter(ItemsCount::new(a.len() * PASSES)).bench(|| passes_i16(black_box(&a), black_box(&b)));
}

/// Passes over the numbers: so many that the cost of a call does not matter.
const PASSES: usize = 64;
/// Sums that do not wait for each other.
const SUMS: usize = 64;

#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn passes_i16(a: &[i16], b: &[i16]) -> i32 {
    let mut total = 0i32;
    for pass in 0..PASSES {
        let mut sum = 0i32;
        for i in 0..a.len().min(b.len()) {
            sum = sum.wrapping_add(i32::from(a[i]) * i32::from(b[i]));
        }
        total = total.wrapping_add(sum ^ black_box(pass as i32));
    }
    total
}

/// Products of single-precision numbers, added to independent sums: the arithmetic of gradients and normalisation.
#[divan::bench]
fn float_products(bencher: Bencher) {
    let a = vec![0.5f32; NEAR / 4];
    bencher.counter(ItemsCount::new(a.len() * PASSES)).bench(|| passes_f32(black_box(&a), black_box(0.25)));
}

#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn passes_f32(a: &[f32], factor: f32) -> f32 {
    let mut sums = [0.0f32; SUMS];
    for _ in 0..PASSES {
        for chunk in a.as_chunks::<SUMS>().0 {
            for k in 0..SUMS {
                sums[k] += chunk[k] * factor;
            }
        }
    }
    sums.iter().sum()
}
