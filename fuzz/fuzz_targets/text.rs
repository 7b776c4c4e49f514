#![cfg_attr(not(test), no_main)]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    faults::readers::text(bytes);
});
