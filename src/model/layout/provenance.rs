//! Provenance: the first part of every payload.

use super::wire::*;
use crate::model::provenance::Provenance;

layout! {
    struct Entries = Provenance {
        entries: Vec<(String, String)>,
    }
}
