//! What of a crate's source can be reached from outside.

mod strip;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use quote::ToTokens;
use syn::{Item, ItemImpl, ItemMod, ItemUse, Type, UseTree, Visibility, parse_quote};

/// The names from the crate's root to an item.
type Names = Vec<String>;

/// The items of a crate's modules.
pub struct Crate {
    modules: BTreeMap<Names, Vec<Item>>,
}

impl Crate {
    /// Reads the modules of the crate whose `lib.rs` is in this folder.
    pub fn read(folder: &Path) -> Self {
        let mut read = Self { modules: BTreeMap::new() };
        read.add(Vec::new(), parse(&folder.join("lib.rs")).items, folder);
        read
    }

    fn add(&mut self, names: Names, items: Vec<Item>, folder: &Path) {
        for item in &items {
            let Item::Mod(ItemMod { attrs, ident, content, .. }) = item else { continue };
            if attrs.iter().any(|attribute| attribute.to_token_stream().to_string().contains("test")) {
                continue;
            }
            let (below, own) = (folder.join(ident.to_string()), [&names[..], &[ident.to_string()]].concat());
            let items = match content {
                Some((_, items)) => items.clone(),
                None => {
                    let file = below.with_extension("rs");
                    parse(&if file.is_file() { file } else { below.join("mod.rs") }).items
                }
            };
            self.add(own, items, &below);
        }
        self.modules.insert(names, items);
    }

    /// The text of all public modules.
    pub fn interface(&self) -> String {
        let mut types = BTreeSet::new();
        let mut items = self.public(&[], &mut types, &mut Vec::new());
        let impls = self.impls(&types);
        items.extend(impls.into_iter().map(Item::Impl));
        prettyplease::unparse(&syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items })
    }

    /// The public items of a module; collects the types among them.
    fn public(&self, module: &[String], types: &mut BTreeSet<Names>, seen: &mut Vec<Names>) -> Vec<Item> {
        seen.push(module.to_vec());
        let mut public = Vec::new();
        for item in &self.modules[module] {
            match item {
                Item::Use(item) if is_public(&item.vis) => {
                    for (name, path) in leaves(item) {
                        let Some(place) = self.resolve(module, &path) else { continue };
                        if name == "*" {
                            public.extend(self.public(&place, types, seen));
                        } else {
                            public.extend(self.reached(&name, &place, types, seen));
                        }
                    }
                }
                item => {
                    if let Some(name) = name_of(item).filter(|_| strip::visibility(item).is_some_and(is_public)) {
                        let place = [module, std::slice::from_ref(&name)].concat();
                        public.extend(self.reached(&name, &place, types, seen));
                    }
                }
            }
        }
        public
    }

    /// What can be reached at a place under a name.
    fn reached(&self, name: &str, place: &Names, types: &mut BTreeSet<Names>, seen: &mut Vec<Names>) -> Option<Item> {
        let ident = quote::format_ident!("{name}");
        if self.modules.contains_key(place) {
            // Of what is unstable the names alone.
            let items = if name == "raw" { self.names(place) } else { self.public(place, types, seen) };
            return (!items.is_empty()).then(|| parse_quote! { pub mod #ident { #(#items)* } });
        }
        let (own, module) = place.split_last()?;
        let item = self.modules[module].iter().find(|item| name_of(item).as_ref() == Some(own))?;
        if types.insert(place.clone()) { strip::stripped(item.clone()) } else { None }
    }

    fn names(&self, module: &[String]) -> Vec<Item> {
        let uses = self.modules[module].iter().filter(|item| matches!(item, Item::Use(item) if is_public(&item.vis)));
        uses.cloned().collect()
    }

    /// The public functions of these types, and which traits they have.
    fn impls(&self, types: &BTreeSet<Names>) -> Vec<ItemImpl> {
        let mut impls = Vec::new();
        for (module, items) in &self.modules {
            for item in items {
                let Item::Impl(item) = item else { continue };
                let Type::Path(own) = &*item.self_ty else { continue };
                let path: Names = own.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
                if self.resolve(module, &path).is_some_and(|place| types.contains(&place)) {
                    impls.extend(strip::public_impl(item.clone()));
                }
            }
        }
        impls
    }

    /// Where a path leads that stands in a module; nothing for what is not of this crate.
    fn resolve(&self, module: &[String], path: &[String]) -> Option<Names> {
        let (first, rest) = path.split_first()?;
        let start = match first.as_str() {
            "crate" => Vec::new(),
            "self" => module.to_vec(),
            "super" => module.split_last()?.1.to_vec(),
            name => self.find(module, name)?,
        };
        let mut place = start;
        for name in rest {
            place = match name.as_str() {
                "super" => place.split_last()?.1.to_vec(),
                "*" => place,
                name => self.find(&place, name)?,
            };
        }
        Some(place)
    }

    /// Where a name of a module leads.
    fn find(&self, module: &[String], name: &str) -> Option<Names> {
        let own = [module, &[name.to_owned()]].concat();
        if self.modules.contains_key(&own) {
            return Some(own);
        }
        let items = self.modules.get(module)?;
        if items.iter().any(|item| name_of(item).as_deref() == Some(name)) {
            return Some(own);
        }
        let uses = items.iter().filter_map(|item| if let Item::Use(item) = item { Some(leaves(item)) } else { None });
        let (_, path) = uses.flatten().find(|(leaf, path)| leaf == name && path.len() > 1)?;
        self.resolve(module, &path)
    }
}

fn parse(path: &Path) -> syn::File {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn name_of(item: &Item) -> Option<String> {
    Some(match item {
        Item::Const(item) => item.ident.to_string(),
        Item::Enum(item) => item.ident.to_string(),
        Item::Fn(item) => item.sig.ident.to_string(),
        Item::Mod(item) => item.ident.to_string(),
        Item::Struct(item) => item.ident.to_string(),
        Item::Trait(item) => item.ident.to_string(),
        Item::Type(item) => item.ident.to_string(),
        _ => return None,
    })
}

/// The names that a `use` brings, each with the path that it stands for.
fn leaves(item: &ItemUse) -> Vec<(String, Names)> {
    fn walk(tree: &UseTree, path: &mut Names, found: &mut Vec<(String, Names)>) {
        match tree {
            UseTree::Path(tree) => {
                path.push(tree.ident.to_string());
                walk(&tree.tree, path, found);
                path.pop();
            }
            UseTree::Name(tree) if tree.ident == "self" => found.push((path[path.len() - 1].clone(), path.clone())),
            UseTree::Name(tree) => {
                found.push((tree.ident.to_string(), [&path[..], &[tree.ident.to_string()]].concat()));
            }
            UseTree::Rename(tree) => {
                found.push((tree.rename.to_string(), [&path[..], &[tree.ident.to_string()]].concat()));
            }
            UseTree::Glob(_) => found.push(("*".into(), [&path[..], &["*".into()]].concat())),
            UseTree::Group(group) => group.items.iter().for_each(|tree| walk(tree, path, found)),
        }
    }
    let mut found = Vec::new();
    walk(&item.tree, &mut Vec::new(), &mut found);
    found
}
