//! Bytes to entries and complaints.
//!
//! Goes in: a source's declaration, compiled once ([`compile`] → [`Recipe`], or every [`Mistake`] in it), and the bytes of a page
//! with where they came from ([`Page`]). Comes out: an [`Extraction`]: entries, counted complaints, further pages, or why the page
//! as a whole could not be read. [`contract`] judges what all pages of a source gave together.
//!
//! Kinds: `feed`, `list`, `page`, `json` (and JSON Lines, YAML), `csv`, `xlsx`, `xml`, `dir`. JSON Lines and CSV are streamed, the
//! others are held. Members of a zip archive are read one after the other. What unpacks to more than any list of documents is refused.
//!
//! Never: reads the network, the clock or a file, fails whole because one row is bad, guesses a date.

mod charset;
mod checks;
mod compile;
mod contract;
mod dates;
mod depth;
mod detail;
mod dir;
mod discover;
mod elements;
mod extraction;
mod feed;
mod filter;
mod flood;
mod form;
mod formats;
mod glob;
mod grammar;
mod html;
mod json;
mod locate;
mod login;
mod mistake;
mod months;
mod newest;
mod next;
mod notes;
mod opml;
mod path;
mod pipe;
mod private;
mod propose;
mod recipe;
mod remedy;
mod row;
mod seek;
mod sheet;
mod strip;
mod table;
mod text;
mod unpack;
mod values;
mod xml;
mod yaml;
mod zones;

use std::io::Read;

use monitor_model::{ComplaintStage, SourceKind};

pub use compile::compile;
pub use contract::{Tally, Verdict, contract};
pub use detail::{detail, detail_address, detail_fields};
pub use discover::{feeds_announced, feeds_in};
pub use extraction::{Container, Extraction, Next, Page, Quiet};
pub use form::{FilledForm, fill_form};
pub use mistake::Mistake;
pub use newest::newest;
pub use next::next_address;
pub use opml::{Outline, opml};
pub use propose::{Proposal, propose};
pub use recipe::Recipe;

use self::login::Glance;

/// Reads one page.
///
/// A page that cannot be read as a whole has [`failed`](field@Extraction::failed) set and no entries; a row that cannot be read costs that row.
pub fn extract(recipe: &Recipe, page: &Page<'_>, body: &mut dyn Read) -> Extraction {
    let mut glance = Glance::new(body);
    let mut out = read(recipe, page, &mut glance);
    let nothing = out.entries.is_empty() && out.rejected == 0 && out.filtered == 0;
    // Without a container, nobody else notices that this is not the list at all.
    let unsure = recipe.kind == SourceKind::List && out.container == Container::NotAsked && nothing;
    let one_page = recipe.kind == SourceKind::Page && out.container == Container::NotAsked;
    if (out.failed.is_some() || unsure || one_page) && glance.wants_login(page.final_url) {
        let (stage, why) = out.failed.map_or((ComplaintStage::Select, String::new()), |f| (f.stage, format!(" ({})", f.what)));
        let what = format!(
            "a login page instead of what was wanted; declare the source as kind = \"none\", access = \"login\" if that stays{why}"
        );
        out = Extraction { complaints: out.complaints, container: out.container, login: true, ..Extraction::failed(stage, page, what) };
    } else if unsure && let Some(title) = glance.sounds_lost() {
        let what = format!("no row, and the page is titled “{}”: it says that there is nothing", notes::shorten(&title));
        out = Extraction { complaints: out.complaints, ..Extraction::failed(ComplaintStage::Select, page, what) };
    }
    out
}

fn read(recipe: &Recipe, page: &Page<'_>, body: &mut dyn Read) -> Extraction {
    match &recipe.members {
        Some(members) => unpack::members(members, page, body, &mut |member| read_one(recipe, page, member)),
        None => read_one(recipe, page, body),
    }
}

fn read_one(recipe: &Recipe, page: &Page<'_>, body: &mut dyn Read) -> Extraction {
    match recipe.kind {
        SourceKind::Csv => return table::rows(recipe, page, body),
        SourceKind::Json if recipe.lines => return json::lines(recipe, page, body),
        SourceKind::None => {
            return Extraction::failed(ComplaintStage::Validate, page, "the source is declared as watched by nobody (kind “none”)");
        }
        _ => {}
    }
    let mut bytes = Vec::new();
    if let Err(e) = body.read_to_end(&mut bytes) {
        return Extraction::failed(ComplaintStage::Decode, page, format!("the body ends after {} bytes: {e}", bytes.len()));
    }
    match recipe.kind {
        SourceKind::Feed => feed::items(recipe, page, &bytes),
        SourceKind::List => html::list(recipe, page, &bytes),
        SourceKind::Page => html::page(recipe, page, &bytes),
        SourceKind::Json => json::document(recipe, page, &bytes),
        SourceKind::Xml => xml::rows(recipe, page, &bytes),
        SourceKind::Xlsx => sheet::rows(recipe, page, &bytes),
        _ => dir::listing(recipe, page, &bytes),
    }
}
