//! The versions of each kind of model.

use super::wire::{Load, Store, Stored, decode, encode};
use crate::detector::Detector;
#[cfg(feature = "dlib")]
use crate::dlib::hog_detector::HogDetector;
#[cfg(feature = "dlib")]
use crate::dlib::shape_predictor::ShapePredictor;
use crate::invalid::InvalidModel;
use crate::landmarks::Cascade;
use crate::model::kind::ModelKind;
use crate::model::provenance::Provenance;

/// A model that has a file format. Sealed: only this crate implements it.
pub trait Model: Versions {
    /// The kind that the file's header names.
    const KIND: ModelKind;

    /// Checks every invariant that prediction relies on.
    ///
    /// # Errors
    /// If one does not hold.
    fn validate(&self) -> Result<(), InvalidModel>;
}

/// A part of a model that can be stored alone, in the layout that it has in model files. Sealed: only this crate
/// implements it.
pub trait Part: Stored {
    /// Appends the part's bytes.
    fn store(&self, bytes: &mut Vec<u8>) {
        store(self, bytes);
    }

    /// Reads a part from the beginning of `bytes`; returns it with the number of bytes it takes, or `None` if the bytes do
    /// not follow the layout. The part is not validated.
    fn load(bytes: &[u8]) -> Option<(Self, usize)> {
        load(bytes)
    }
}

impl<T: Stored> Part for T {}

/// A model, whose layout depends on the version.
pub trait Versions: Sized {
    /// Appends the newest version of the model's layout.
    fn store(&self, bytes: &mut Vec<u8>);

    /// Reads provenance and model from a payload of this version, and the number of bytes they take. Returns `None` if the
    /// bytes do not follow the layout.
    fn load(version: u16, payload: &[u8]) -> Option<((Provenance, Self), usize)>;
}

/// Implements [`Versions`]: the layout of each version that is read; the last one is written.
macro_rules! versions {
    ($model:ty: $($old:literal => $layout:ty,)* last $newest:ty) => {
        impl Versions for $model {
            fn store(&self, bytes: &mut Vec<u8>) {
                encode(&<$newest>::store(self), bytes);
            }

            fn load(version: u16, payload: &[u8]) -> Option<((Provenance, Self), usize)> {
                match version {
                    $($old => decode::<(super::provenance::Entries, $layout)>(payload),)*
                    _ => decode::<(super::provenance::Entries, $newest)>(payload),
                }
            }
        }
    };
}

/// Implements [`Model`] by the checks of the type.
macro_rules! model {
    ($model:ty, $kind:ident) => {
        impl Model for $model {
            const KIND: ModelKind = ModelKind::$kind;

            fn validate(&self) -> Result<(), InvalidModel> {
                <$model>::validate(self)
            }
        }
    };
}

model!(Detector, Detector);
model!(Cascade, Landmarks);
#[cfg(feature = "dlib")]
model!(HogDetector, DlibDetector);
#[cfg(feature = "dlib")]
model!(ShapePredictor, DlibLandmarks);

versions!(Detector: 1 => super::detector_1::Detector1, 2 => super::detector_2::Detector2, last super::detector_3::Detector3);
versions!(Cascade: 2 => super::landmarks_2::Landmarks2, last super::landmarks_3::Landmarks3);
#[cfg(feature = "dlib")]
versions!(HogDetector: last super::dlib_detector_1::DlibDetector1);
#[cfg(feature = "dlib")]
versions!(ShapePredictor: last super::dlib_landmarks_1::DlibLandmarks1);

impl<L: Load> Load for (super::provenance::Entries, L) {
    type Value = (Provenance, L::Value);

    fn load(self) -> Self::Value {
        (self.0.load(), self.1.load())
    }
}

/// Appends a value in its layout.
pub(in crate::model) fn store<T: Stored>(value: &T, bytes: &mut Vec<u8>) {
    encode(&T::Layout::store(value), bytes);
}

/// Reads a value in its layout, and the number of bytes it takes. Returns `None` if the bytes do not follow the layout.
pub(in crate::model) fn load<T: Stored>(bytes: &[u8]) -> Option<(T, usize)> {
    decode::<T::Layout>(bytes)
}

#[cfg(test)]
pub(in crate::model) mod tests {
    use super::*;

    pub fn store_weights(weights: &Vec<f32>, bytes: &mut Vec<u8>) {
        encode(weights, bytes);
    }

    pub fn load_weights(payload: &[u8]) -> Option<((Provenance, Vec<f32>), usize)> {
        decode::<(crate::model::layout::provenance::Entries, Vec<f32>)>(payload)
    }
}
