//! The library's interface, written down in `tests/data/api.rs`: a change of it shows in that file's difference, and never goes
//! unnoticed. After a change that is meant:
//!
//! ```sh
//! UPDATE=1 cargo test --test api
//! ```
//!
//! The file is the source without bodies, documentation, and what is not public. Public items of private modules stand in
//! it too: they can be reached where the module above exports them.

use std::collections::BTreeSet;
use std::path::Path;

use quote::ToTokens;
use syn::{Attribute, Block, Fields, ImplItem, Item, ItemImpl, ItemMod, TraitItem, Visibility, parse_quote};

#[test]
fn the_interface_is_the_one_that_is_written_down() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut file = read(&root.join("src/lib.rs"));
    file.items = in_files(file.items, &root.join("src"));
    let mut types = BTreeSet::new();
    public_types(&file.items, &mut types);
    file.attrs.clear();
    file.items = public(file.items, &types);
    let now = prettyplease::unparse(&file);
    let written = root.join("tests/data/api.rs");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&written, &now).unwrap();
    }
    let before = std::fs::read_to_string(&written).unwrap();
    let differs = before.lines().zip(now.lines()).position(|(before, now)| before != now);
    let line = differs.unwrap_or_else(|| before.lines().count().min(now.lines().count()));
    assert!(
        before == now,
        "the interface has changed, in line {} of tests/data/api.rs: it was\n  {}\nand is\n  {}\nIf that is meant: UPDATE=1 \
         cargo test --test api",
        line + 1,
        before.lines().nth(line).unwrap_or("(nothing)"),
        now.lines().nth(line).unwrap_or("(nothing)"),
    );
}

fn read(path: &Path) -> syn::File {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The items, with the modules that stand in files of their own in `folder`.
fn in_files(items: Vec<Item>, folder: &Path) -> Vec<Item> {
    let open = |item: Item| match item {
        Item::Mod(ItemMod { attrs, vis, ident, content: None, .. }) => {
            let (own, name) = (folder.join(ident.to_string()), ident.to_string());
            let file = Some(folder.join(name + ".rs")).filter(|file| file.is_file());
            let content = read(&file.unwrap_or_else(|| own.join("mod.rs")));
            let items = in_files(content.items, &own);
            parse_quote! { #(#attrs)* #vis mod #ident { #(#items)* } }
        }
        item => item,
    };
    items.into_iter().map(open).collect()
}

/// The names of the types and traits that are public.
fn public_types(items: &[Item], names: &mut BTreeSet<String>) {
    for item in items {
        match item {
            Item::Struct(item) if is_public(&item.vis) => drop(names.insert(item.ident.to_string())),
            Item::Enum(item) if is_public(&item.vis) => drop(names.insert(item.ident.to_string())),
            Item::Trait(item) if is_public(&item.vis) => drop(names.insert(item.ident.to_string())),
            Item::Type(item) if is_public(&item.vis) => drop(names.insert(item.ident.to_string())),
            Item::Mod(ItemMod { content: Some((_, items)), .. }) => public_types(items, names),
            _ => {}
        }
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// What of the items is public, without bodies and documentation.
fn public(items: Vec<Item>, types: &BTreeSet<String>) -> Vec<Item> {
    items.into_iter().filter_map(|item| public_item(item, types)).collect()
}

fn public_item(item: Item, types: &BTreeSet<String>) -> Option<Item> {
    let kept = match item {
        Item::Use(item) => is_public(&item.vis).then_some(Item::Use(item))?,
        Item::Const(mut item) => {
            strip(&mut item.attrs);
            is_public(&item.vis).then_some(Item::Const(item))?
        }
        Item::Type(mut item) => {
            strip(&mut item.attrs);
            is_public(&item.vis).then_some(Item::Type(item))?
        }
        Item::Fn(mut item) => {
            strip(&mut item.attrs);
            *item.block = empty();
            is_public(&item.vis).then_some(Item::Fn(item))?
        }
        Item::Struct(mut item) => {
            strip(&mut item.attrs);
            strip_fields(&mut item.fields);
            is_public(&item.vis).then_some(Item::Struct(item))?
        }
        Item::Enum(mut item) => {
            strip(&mut item.attrs);
            item.variants.iter_mut().for_each(|variant| {
                strip(&mut variant.attrs);
                variant.fields.iter_mut().for_each(|field| strip(&mut field.attrs));
            });
            is_public(&item.vis).then_some(Item::Enum(item))?
        }
        Item::Trait(mut item) => {
            strip(&mut item.attrs);
            item.items.iter_mut().for_each(strip_trait_item);
            is_public(&item.vis).then_some(Item::Trait(item))?
        }
        Item::Impl(item) => Item::Impl(public_impl(item, types)?),
        Item::Mod(mut item) => {
            if item.attrs.iter().any(|attribute| attribute.to_token_stream().to_string().contains("test")) {
                return None;
            }
            strip(&mut item.attrs);
            let (brace, items) = item.content?;
            let items = public(items, types);
            if items.is_empty() {
                return None;
            }
            item.content = Some((brace, items));
            Item::Mod(item)
        }
        _ => return None,
    };
    Some(kept)
}

/// The public functions and constants of a public type, or that it has a trait.
fn public_impl(mut item: ItemImpl, types: &BTreeSet<String>) -> Option<ItemImpl> {
    strip(&mut item.attrs);
    let own = item.self_ty.to_token_stream().to_string();
    let own = own.split([' ', '<']).find(|word| word.starts_with(char::is_uppercase)).unwrap_or_default().to_owned();
    if !types.contains(&own) {
        return None;
    }
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
