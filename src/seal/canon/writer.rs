//! Canonical bytes straight from anything that serialises, with no tree of values between.
//!
//! Members are written as they come; where they do not come in order, an object's pieces are put in order
//! when it ends.

use super::{CanonError, MAX_DEPTH, check_number, utf16_order, write_number, write_text};
use serde::ser::{
    Error, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::{Number, Value};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Display;

/// The canonical bytes of a thing.
pub(super) fn bytes_of<T: Serialize + ?Sized>(thing: &T) -> Result<Vec<u8>, CanonError> {
    let mut writer = Writer { bytes: Vec::with_capacity(1024), depth: 0 };
    thing.serialize(&mut writer)?;
    Ok(writer.bytes)
}

struct Writer {
    bytes: Vec<u8>,
    depth: usize,
}

impl Error for CanonError {
    fn custom<T: Display>(fault: T) -> Self {
        Self::Malformed(fault.to_string())
    }
}

impl Writer {
    fn check_depth(&self) -> Result<(), CanonError> {
        if self.depth > MAX_DEPTH { Err(CanonError::TooDeep) } else { Ok(()) }
    }

    fn plain(&mut self, text: &str) -> Result<(), CanonError> {
        self.check_depth()?;
        self.bytes.extend(text.as_bytes());
        Ok(())
    }

    fn number(&mut self, number: &Number) -> Result<(), CanonError> {
        check_number(number)?;
        self.check_depth()?;
        write_number(number, &mut self.bytes);
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), CanonError> {
        self.check_depth()?;
        write_text(text, &mut self.bytes)
    }

    /// Opens what ends with `close`.
    fn items(&mut self, close: &'static str) -> Result<Items<'_>, CanonError> {
        self.check_depth()?;
        self.depth += 1;
        self.bytes.push(b'[');
        Ok(Items { writer: self, first: true, close })
    }

    fn members(&mut self, close: &'static str) -> Result<Members<'_>, CanonError> {
        self.check_depth()?;
        self.depth += 1;
        self.bytes.push(b'{');
        let start = self.bytes.len();
        Ok(Members { writer: self, start, members: Vec::new(), rising: true, key: None, close })
    }

    /// Opens the object of one member that stands for a variant.
    fn variant(&mut self, name: &str) -> Result<(), CanonError> {
        self.check_depth()?;
        self.depth += 1;
        self.bytes.push(b'{');
        write_text(name, &mut self.bytes)?;
        self.bytes.push(b':');
        Ok(())
    }

    fn close(&mut self, text: &str) {
        self.depth -= text.len();
        self.bytes.extend(text.as_bytes());
    }
}

/// A list under way.
struct Items<'a> {
    writer: &'a mut Writer,
    first: bool,
    close: &'static str,
}

impl Items<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), CanonError> {
        if !std::mem::take(&mut self.first) {
            self.writer.bytes.push(b',');
        }
        item.serialize(&mut *self.writer)
    }

    fn finish(self) {
        self.writer.close(self.close);
    }
}

/// An object under way: where each member's piece begins.
struct Members<'a> {
    writer: &'a mut Writer,
    start: usize,
    members: Vec<(Cow<'static, str>, usize)>,
    rising: bool,
    key: Option<String>,
    close: &'static str,
}

impl Members<'_> {
    fn member<T: Serialize + ?Sized>(
        &mut self,
        key: Cow<'static, str>,
        value: &T,
    ) -> Result<(), CanonError> {
        if let Some((before, _)) = self.members.last() {
            self.writer.bytes.push(b',');
            self.rising &= utf16_order(before, &key) == Ordering::Less;
        }
        let begin = self.writer.bytes.len();
        write_text(&key, &mut self.writer.bytes)?;
        self.writer.bytes.push(b':');
        self.members.push((key, begin));
        value.serialize(&mut *self.writer)
    }

    fn finish(mut self) -> Result<(), CanonError> {
        if !self.rising {
            self.put_in_order()?;
        }
        self.writer.close(self.close);
        Ok(())
    }

    fn put_in_order(&mut self) -> Result<(), CanonError> {
        let end = self.writer.bytes.len();
        let ends = self.members.iter().skip(1).map(|(_, begin)| begin - 1).chain([end]);
        let mut pieces: Vec<(&str, usize, usize)> = self
            .members
            .iter()
            .zip(ends)
            .map(|((key, begin), end)| (&**key, *begin, end))
            .collect();
        pieces.sort_by(|one, other| utf16_order(one.0, other.0));
        if let Some(twice) = pieces.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(CanonError::DuplicateKey(twice[0].0.to_owned()));
        }
        let mut ordered = Vec::with_capacity(end - self.start);
        for (_, begin, end) in pieces {
            if !ordered.is_empty() {
                ordered.push(b',');
            }
            ordered.extend_from_slice(&self.writer.bytes[begin..end]);
        }
        self.writer.bytes.truncate(self.start);
        self.writer.bytes.append(&mut ordered);
        Ok(())
    }
}

macro_rules! numbers {
    ($($method:ident: $type:ty),+) => {
        $(fn $method(self, value: $type) -> Result<(), CanonError> {
            self.number(&value.into())
        })+
    };
}

impl<'a> Serializer for &'a mut Writer {
    type Ok = ();
    type Error = CanonError;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Items<'a>;
    type SerializeTupleVariant = Items<'a>;
    type SerializeMap = Members<'a>;
    type SerializeStruct = Members<'a>;
    type SerializeStructVariant = Members<'a>;

    numbers!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    );

    fn serialize_f32(self, value: f32) -> Result<(), CanonError> {
        Err(CanonError::Float(value.to_string()))
    }

    fn serialize_f64(self, value: f64) -> Result<(), CanonError> {
        Err(CanonError::Float(value.to_string()))
    }

    fn serialize_bool(self, value: bool) -> Result<(), CanonError> {
        self.plain(if value { "true" } else { "false" })
    }

    fn serialize_char(self, value: char) -> Result<(), CanonError> {
        self.text(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), CanonError> {
        self.text(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), CanonError> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), CanonError> {
        self.plain("null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), CanonError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), CanonError> {
        self.plain("null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), CanonError> {
        self.plain("null")
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), CanonError> {
        self.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), CanonError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), CanonError> {
        self.variant(variant)?;
        value.serialize(&mut *self)?;
        self.close("}");
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'a>, CanonError> {
        self.items("]")
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'a>, CanonError> {
        self.items("]")
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items<'a>, CanonError> {
        self.items("]")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items<'a>, CanonError> {
        self.variant(variant)?;
        self.items("]}")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members<'a>, CanonError> {
        self.members("}")
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members<'a>, CanonError> {
        self.members("}")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Members<'a>, CanonError> {
        self.variant(variant)?;
        self.members("}}")
    }
}

macro_rules! lists {
    ($($how:ident: $method:ident),+) => {
        $(impl $how for Items<'_> {
            type Ok = ();
            type Error = CanonError;

            fn $method<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), CanonError> {
                self.item(item)
            }

            fn end(self) -> Result<(), CanonError> {
                self.finish();
                Ok(())
            }
        })+
    };
}
lists!(
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field
);

macro_rules! objects {
    ($($how:ident),+) => {
        $(impl $how for Members<'_> {
            type Ok = ();
            type Error = CanonError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), CanonError> {
                self.member(key.into(), value)
            }

            fn end(self) -> Result<(), CanonError> {
                self.finish()
            }
        })+
    };
}
objects!(SerializeStruct, SerializeStructVariant);

impl SerializeMap for Members<'_> {
    type Ok = ();
    type Error = CanonError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), CanonError> {
        self.key = Some(match serde_json::to_value(key).map_err(CanonError::custom)? {
            Value::String(key) => key,
            Value::Number(key) => key.to_string(),
            Value::Bool(key) => key.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => {
                return Err(CanonError::custom("a key must be a string"));
            }
        });
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CanonError> {
        let key = self.key.take().ok_or_else(|| CanonError::custom("a value without a key"))?;
        self.member(key.into(), value)
    }

    fn end(self) -> Result<(), CanonError> {
        self.finish()
    }
}
