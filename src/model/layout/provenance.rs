//! Provenance: the first part of every payload.

use super::*;

layout! {
    struct Entries = Provenance {
        entries: Vec<(String, String)>,
    }
}
