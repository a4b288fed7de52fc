#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lineament_fuzz::run(lineament_fuzz::targets::imglab, bytes));
