//! What layouts are made of: how to declare one, and how bincode reads and writes it.

use bincode::config;
pub(super) use bincode::de::Decoder;
pub(super) use bincode::enc::Encoder;
use bincode::enc::EncoderImpl;
use bincode::enc::write::SizeWriter;
pub(super) use bincode::error::{DecodeError, EncodeError};
pub(super) use bincode::{Decode, Encode};

use crate::files::DECODE_LIMIT;

/// Up to this size a payload may claim one megabyte …
const SMALL_PAYLOAD: usize = 32 << 10;
/// … and up to this size 32 megabytes.
const MIDDLE_PAYLOAD: usize = 1 << 20;

/// A layout that is read.
pub trait Load: Decode<()> {
    /// The domain type.
    type Value;

    /// Makes the value. Lists are moved, not copied.
    fn load(self) -> Self::Value;
}

/// A layout that is written too.
pub trait Store: Load + Encode {
    /// Returns the layout of a value.
    fn store(value: &Self::Value) -> Self;
}

/// Declares a layout: `struct Layout { field: type, … }`, its fields in their order in the file. With `= Domain`, the
/// domain type has the same fields in any order, and the layout is read and written; without, it needs its own [`Load`].
macro_rules! layout {
    ($(#[$doc:meta])* struct $name:ident = $domain:ty { $($field:ident: $type:ty),+ $(,)? }) => {
        layout! { $(#[$doc])* struct $name { $($field: $type),+ } }

        impl Load for $name {
            type Value = $domain;

            fn load(self) -> Self::Value {
                type Value = $domain;
                Value { $($field: self.$field.load()),+ }
            }
        }

        impl Store for $name {
            fn store(value: &Self::Value) -> Self {
                Self { $($field: Store::store(&value.$field)),+ }
            }
        }

        // Lists of the one become lists of the other in place, and claim as much memory.
        const _: () = assert!(size_of::<$name>() == size_of::<$domain>());

        impl Stored for $domain {
            type Layout = $name;
        }
    };
    ($(#[$doc:meta])* struct $name:ident { $($field:ident: $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        pub struct $name {
            $($field: $type),+
        }

        impl Encode for $name {
            fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
                $(self.$field.encode(encoder)?;)+
                Ok(())
            }
        }

        impl Decode<()> for $name {
            fn decode<D: Decoder<Context = ()>>(decoder: &mut D) -> Result<Self, DecodeError> {
                Ok(Self { $($field: Decode::decode(decoder)?),+ })
            }
        }
    };
    ($(#[$doc:meta])* enum $name:ident = $domain:ty { $($number:literal: $variant:ident($type:ty)),+ $(,)? }) => {
        $(#[$doc])*
        pub enum $name {
            $($variant($type)),+
        }

        impl Encode for $name {
            fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
                match self {
                    $(Self::$variant(value) => ($number as u32, value).encode(encoder)),+
                }
            }
        }

        impl Decode<()> for $name {
            fn decode<D: Decoder<Context = ()>>(decoder: &mut D) -> Result<Self, DecodeError> {
                match u32::decode(decoder)? {
                    $($number => Ok(Self::$variant(Decode::decode(decoder)?)),)+
                    _ => Err(DecodeError::Other("no variant has this number")),
                }
            }
        }

        impl Load for $name {
            type Value = $domain;

            fn load(self) -> Self::Value {
                type Value = $domain;
                match self {
                    $(Self::$variant(value) => Value::$variant(value.load())),+
                }
            }
        }

        impl Store for $name {
            fn store(value: &Self::Value) -> Self {
                type Value = $domain;
                match value {
                    $(Value::$variant(value) => Self::$variant(Store::store(value))),+
                }
            }
        }

        const _: () = assert!(size_of::<$name>() == size_of::<$domain>());
    };
}
pub(super) use layout;

/// Types that are their own layout.
macro_rules! plain {
    ($($type:ty),+) => {
        $(
            impl Load for $type {
                type Value = Self;

                fn load(self) -> Self {
                    self
                }
            }

            impl Store for $type {
                fn store(value: &Self) -> Self {
                    value.clone()
                }
            }
        )+
    };
}
plain!(u8, u16, u32, i8, i16, i32, f32, f64, String, (String, String));

impl<L: Load> Load for Vec<L> {
    type Value = Vec<L::Value>;

    fn load(self) -> Self::Value {
        self.into_iter().map(L::load).collect()
    }
}

impl<L: Store> Store for Vec<L> {
    fn store(value: &Self::Value) -> Self {
        value.iter().map(L::store).collect()
    }
}

impl<L: Load> Load for Option<L> {
    type Value = Option<L::Value>;

    fn load(self) -> Self::Value {
        self.map(L::load)
    }
}

impl<L: Store> Store for Option<L> {
    fn store(value: &Self::Value) -> Self {
        value.as_ref().map(L::store)
    }
}

impl<L: Load, const N: usize> Load for [L; N] {
    type Value = [L::Value; N];

    fn load(self) -> Self::Value {
        self.map(L::load)
    }
}

impl<L: Store, const N: usize> Store for [L; N] {
    fn store(value: &Self::Value) -> Self {
        value.each_ref().map(L::store)
    }
}

/// A value that has one layout, the same in all versions that are written.
pub trait Stored: Sized {
    /// This layout.
    type Layout: Store<Value = Self>;
}

impl<T: Stored> Stored for Vec<T> {
    type Layout = Vec<T::Layout>;
}

/// Appends a layout.
pub(super) fn encode(layout: &impl Encode, bytes: &mut Vec<u8>) {
    const TAKES_ALL: &str = "a vector takes all that is written";
    // The size first: a vector that grows as it is written may take twice as much.
    let mut size = EncoderImpl::new(SizeWriter::default(), config::standard());
    layout.encode(&mut size).expect(TAKES_ALL);
    bytes.reserve_exact(size.into_writer().bytes_written);
    bincode::encode_into_std_write(layout, bytes, config::standard()).expect(TAKES_ALL);
}

/// Decodes a layout. The memory that it may claim grows with the number of bytes: bincode's limit is a constant, so there
/// are three steps.
pub(super) fn decode<L: Load>(bytes: &[u8]) -> Option<(L::Value, usize)> {
    let decoded = if bytes.len() <= SMALL_PAYLOAD {
        bincode::decode_from_slice::<L, _>(bytes, config::standard().with_limit::<{ 1 << 20 }>())
    } else if bytes.len() <= MIDDLE_PAYLOAD {
        bincode::decode_from_slice::<L, _>(bytes, config::standard().with_limit::<{ 32 << 20 }>())
    } else {
        bincode::decode_from_slice::<L, _>(bytes, config::standard().with_limit::<DECODE_LIMIT>())
    };
    decoded.ok().map(|(layout, used)| (layout.load(), used))
}
