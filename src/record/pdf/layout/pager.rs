//! Strips onto pages.

use super::palette::sheet;
use super::strip::{Entry, Strip};
use super::{Bookmark, Page};

/// Stacked pages.
pub struct Stacked {
    /// The pages, at least one.
    pub pages: Vec<Page>,
    /// Where the headings came to stand.
    pub bookmarks: Vec<Bookmark>,
    /// Where the entries of the contents came to stand: page, upper edge, entry.
    pub entries: Vec<(usize, f32, Entry)>,
}

/// Stacks strips on pages; `heads` are the table heads that a page repeats when it begins inside a table.
pub fn stack(strips: Vec<Strip>, heads: &[Strip]) -> Stacked {
    let needs = needs(&strips);
    let mut pages = vec![Page::default()];
    let (mut bookmarks, mut entries) = (Vec::new(), Vec::new());
    let mut y = sheet::TOP;
    let mut chained = false;
    for (mut strip, need) in strips.into_iter().zip(needs) {
        let empty = y <= sheet::TOP;
        // What is longer than a page moves only if hardly any of it fits; inside it, only what does not fit at all.
        let need = match need {
            _ if chained => strip.height,
            need if need > sheet::ROOM => strip.height.max(sheet::ROOM / 3.0),
            need => need,
        };
        let full = y + strip.before + need > sheet::BOTTOM + 0.01;
        if !empty && (full || strip.fresh_page) {
            pages.push(Page::default());
            y = sheet::TOP;
        }
        chained = strip.keep;
        let page = pages.len() - 1;
        if y <= sheet::TOP {
            if let Some(head) = strip.head.and_then(|head| heads.get(head)) {
                pages[page].parts.push((y, head.items.clone()));
                y += head.height;
            }
        } else {
            y += strip.before;
        }
        if let Some((level, words)) = strip.bookmark.take() {
            bookmarks.push(Bookmark { level, words, page, y });
        }
        if let Some(entry) = strip.entry.take() {
            entries.push((page, y, entry));
        }
        if !strip.items.is_empty() {
            pages[page].parts.push((y, strip.items));
        }
        y += strip.height;
    }
    Stacked { pages, bookmarks, entries }
}

/// For each strip the height that must fit below its upper edge: its own, and that of what it must stay with.
fn needs(strips: &[Strip]) -> Vec<f32> {
    let mut needs = vec![0.0; strips.len()];
    for place in (0..strips.len()).rev() {
        let strip = &strips[place];
        let follows = if strip.keep && place + 1 < strips.len() && !strips[place + 1].fresh_page {
            strips[place + 1].before + needs[place + 1]
        } else {
            0.0
        };
        needs[place] = strip.height + follows;
    }
    needs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strip(height: f32) -> Strip {
        Strip { bookmark: Some((1, String::new())), ..Strip::blank(height) }
    }

    fn pages(strips: Vec<Strip>) -> Vec<usize> {
        stack(strips, &[]).bookmarks.iter().map(|bookmark| bookmark.page).collect()
    }

    #[test]
    fn what_must_stay_together_moves_together() {
        let kept = Strip { keep: true, ..strip(50.0) };
        assert_eq!(pages(vec![strip(sheet::ROOM - 60.0), kept, strip(50.0)]), [0, 1, 1]);
    }

    #[test]
    fn a_strip_higher_than_a_page_stands_alone() {
        assert_eq!(pages(vec![strip(10.0), strip(2.0 * sheet::ROOM), strip(10.0)]), [0, 1, 2]);
    }

    #[test]
    fn a_chain_longer_than_a_page_breaks_where_it_must() {
        let chain = (0..10).map(|_| Strip { keep: true, ..strip(sheet::ROOM / 4.0) }).collect();
        assert_eq!(pages(chain), [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]);
    }
}
