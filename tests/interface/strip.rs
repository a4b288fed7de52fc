//! Items without bodies, documentation, and what is not public.

use syn::{Attribute, Block, Fields, ImplItem, Item, ItemImpl, TraitItem, Visibility, parse_quote};

use super::is_public;

pub fn visibility(item: &Item) -> Option<&Visibility> {
    match item {
        Item::Const(item) => Some(&item.vis),
        Item::Enum(item) => Some(&item.vis),
        Item::Fn(item) => Some(&item.vis),
        Item::Mod(item) => Some(&item.vis),
        Item::Struct(item) => Some(&item.vis),
        Item::Trait(item) => Some(&item.vis),
        Item::Type(item) => Some(&item.vis),
        _ => None,
    }
}

/// The item as it is seen from outside.
pub fn stripped(mut item: Item) -> Option<Item> {
    match &mut item {
        Item::Const(item) => strip(&mut item.attrs),
        Item::Type(item) => strip(&mut item.attrs),
        Item::Fn(item) => {
            strip(&mut item.attrs);
            *item.block = empty();
        }
        Item::Struct(item) => {
            strip(&mut item.attrs);
            strip_fields(&mut item.fields);
        }
        Item::Enum(item) => {
            strip(&mut item.attrs);
            item.variants.iter_mut().for_each(|variant| {
                strip(&mut variant.attrs);
                variant.fields.iter_mut().for_each(|field| strip(&mut field.attrs));
            });
        }
        Item::Trait(item) => {
            strip(&mut item.attrs);
            item.items.iter_mut().for_each(strip_trait_item);
        }
        _ => return None,
    }
    Some(item)
}

/// The public functions and constants of a type, or that it has a trait.
pub fn public_impl(mut item: ItemImpl) -> Option<ItemImpl> {
    strip(&mut item.attrs);
    if item.trait_.is_some() {
        item.items.clear();
        return Some(item);
    }
    item.items.retain_mut(|item| match item {
        ImplItem::Fn(item) => {
            strip(&mut item.attrs);
            item.block = empty();
            is_public(&item.vis)
        }
        ImplItem::Const(item) => {
            strip(&mut item.attrs);
            is_public(&item.vis)
        }
        _ => false,
    });
    (!item.items.is_empty()).then_some(item)
}

fn empty() -> Block {
    parse_quote!({})
}

/// Leaves the attributes that are part of the interface.
fn strip(attributes: &mut Vec<Attribute>) {
    attributes.retain(|attribute| {
        ["derive", "cfg", "must_use", "non_exhaustive"].iter().any(|a| attribute.path().is_ident(a))
    });
}

/// A private field says nothing but that the struct cannot be written down.
fn strip_fields(fields: &mut Fields) {
    fields.iter_mut().for_each(|field| strip(&mut field.attrs));
    if let Fields::Named(named) = fields {
        let (all, private) = (named.named.clone(), named.named.iter().any(|field| !is_public(&field.vis)));
        named.named = all.into_iter().filter(|field| is_public(&field.vis)).collect();
        if private {
            named.named.push(parse_quote!(_private: ()));
        }
    } else if let Fields::Unnamed(unnamed) = fields {
        unnamed.unnamed.iter_mut().filter(|field| !is_public(&field.vis)).for_each(|field| field.ty = parse_quote!(_));
    }
}

fn strip_trait_item(item: &mut TraitItem) {
    match item {
        TraitItem::Fn(item) => {
            strip(&mut item.attrs);
            item.default = item.default.as_ref().map(|_| empty());
        }
        TraitItem::Const(item) => strip(&mut item.attrs),
        TraitItem::Type(item) => strip(&mut item.attrs),
        _ => {}
    }
}
