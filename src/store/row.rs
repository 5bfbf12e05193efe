//! The value format of an article row, and the keys of the trees.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::article::ArticleId;

/// The layout of [`Row::encode`]; the first byte of every row.
const ROW_LAYOUT: u8 = 2;

/// The layout of rows that were written before pages could be cleaned again: every revision has a page of its own.
const ROW_LAYOUT_OWN_PAGE: u8 = 1;

/// Bytes of a row before its site.
const FIXED_BYTES: usize = 1 + 4 + 8 + 8 + 8 + 4 + 16 + Location::BYTES + Location::BYTES + 4;

/// Where a blob lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Location {
    /// The number of its file, from 1.
    pub file: u32,
    /// The byte at which its record begins.
    pub offset: u64,
    /// The compressed bytes in it.
    pub len: u32,
}

impl Location {
    const BYTES: usize = 4 + 8 + 4;
    const NONE: Self = Self {
        file: 0,
        offset: 0,
        len: 0,
    };

    fn push(self, out: &mut Vec<u8>) {
        out.extend(self.file.to_be_bytes());
        out.extend(self.offset.to_be_bytes());
        out.extend(self.len.to_be_bytes());
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        Some(Self {
            file: u32::from_be_bytes(take(bytes)?),
            offset: u64::from_be_bytes(take(bytes)?),
            len: u32::from_be_bytes(take(bytes)?),
        })
    }
}

/// What the store must know of a revision without reading its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// From 1.
    pub revision: u32,
    /// When this revision was fetched, seconds since the epoch.
    pub fetched: i64,
    /// When the first revision was fetched, seconds since the epoch.
    pub first_fetched: i64,
    /// Its place in the time order: when published or else first fetched, seconds since the epoch.
    pub time: i64,
    /// Normal words of headline and text.
    pub words: u32,
    /// The hash of them.
    pub hash: [u8; 16],
    /// The text.
    pub text: Location,
    /// The raw page.
    pub page: Option<Location>,
    /// The revision that the raw page was fetched for: this one, or an earlier one where it was cleaned again.
    pub page_revision: u32,
    /// The registrable domain, or else the host, of the article's own URL.
    pub site: String,
}

impl Row {
    /// The layout, integers big-endian in the order of the struct, an absent page as file 0, the site to the end.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(FIXED_BYTES + self.site.len());
        out.push(ROW_LAYOUT);
        out.extend(self.revision.to_be_bytes());
        out.extend(self.fetched.to_be_bytes());
        out.extend(self.first_fetched.to_be_bytes());
        out.extend(self.time.to_be_bytes());
        out.extend(self.words.to_be_bytes());
        out.extend(self.hash);
        self.text.push(&mut out);
        self.page.unwrap_or(Location::NONE).push(&mut out);
        out.extend(self.page_revision.to_be_bytes());
        out.extend(self.site.as_bytes());
        out
    }

    /// `None` where the bytes are no row.
    pub fn decode(mut bytes: &[u8]) -> Option<Self> {
        let bytes = &mut bytes;
        let [layout] = take(bytes)?;
        if layout != ROW_LAYOUT && layout != ROW_LAYOUT_OWN_PAGE {
            return None;
        }
        let revision = u32::from_be_bytes(take(bytes)?);
        Some(Self {
            revision,
            fetched: i64::from_be_bytes(take(bytes)?),
            first_fetched: i64::from_be_bytes(take(bytes)?),
            time: i64::from_be_bytes(take(bytes)?),
            words: u32::from_be_bytes(take(bytes)?),
            hash: take(bytes)?,
            text: Location::take(bytes)?,
            page: Location::take(bytes).map(|page| (page != Location::NONE).then_some(page))?,
            page_revision: match layout {
                ROW_LAYOUT_OWN_PAGE => revision,
                _ => u32::from_be_bytes(take(bytes)?),
            },
            site: std::str::from_utf8(bytes).ok()?.to_owned(),
        })
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*head)
}

/// The key of an article.
pub(super) fn id_key(id: ArticleId) -> [u8; 8] {
    id.0.to_be_bytes()
}

/// The id in the first eight bytes of a key or value.
pub(super) fn id_of(bytes: &[u8]) -> Option<ArticleId> {
    bytes
        .first_chunk::<8>()
        .map(|id| ArticleId(u64::from_be_bytes(*id)))
}

/// The key of a revision.
pub(super) fn revision_key(id: ArticleId, revision: u32) -> [u8; 12] {
    let mut key = [0; 12];
    key[..8].copy_from_slice(&id_key(id));
    key[8..].copy_from_slice(&revision.to_be_bytes());
    key
}

/// The key of a URL: URLs are of any length, keys should be short.
pub(super) fn url_key(normal_url: &str) -> [u8; 16] {
    let mut key = [0; 16];
    key.copy_from_slice(&Sha256::digest(normal_url.as_bytes())[..16]);
    key
}

/// The key of a sighting.
pub(super) fn sighting_key(id: ArticleId, url_key: [u8; 16]) -> [u8; 24] {
    let mut key = [0; 24];
    key[..8].copy_from_slice(&id_key(id));
    key[8..].copy_from_slice(&url_key);
    key
}

/// The first bytes of the time keys of this second; the sign is flipped, so that they sort as numbers do.
pub(super) fn time_prefix(seconds: i64) -> [u8; 8] {
    (seconds ^ i64::MIN).to_be_bytes()
}

/// The key of an article in the time order.
pub(super) fn time_key(seconds: i64, id: ArticleId) -> [u8; 16] {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&time_prefix(seconds));
    key[8..].copy_from_slice(&id_key(id));
    key
}

/// The second and the id of a time key.
pub(super) fn split_time_key(key: &[u8]) -> Option<(i64, ArticleId)> {
    let (seconds, id) = key.split_first_chunk::<8>()?;
    Some((i64::from_be_bytes(*seconds) ^ i64::MIN, id_of(id)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_comes_back_as_it_was_and_half_a_row_is_none() {
        let mut row = Row {
            revision: 2,
            fetched: -1,
            first_fetched: i64::MAX,
            time: 3,
            words: 4,
            hash: [5; 16],
            text: Location {
                file: 6,
                offset: u64::MAX,
                len: 7,
            },
            page: None,
            page_revision: 1,
            site: "example.org".to_owned(),
        };
        assert_eq!(Row::decode(&row.encode()).as_ref(), Some(&row));
        row.page = Some(row.text);
        let bytes = row.encode();
        assert_eq!(Row::decode(&bytes).as_ref(), Some(&row));
        for half in 0..FIXED_BYTES {
            assert_eq!(Row::decode(&bytes[..half]), None);
        }
    }

    #[test]
    fn a_row_of_the_first_layout_has_its_own_page() {
        let row = Row {
            revision: 3,
            fetched: 1,
            first_fetched: 1,
            time: 1,
            words: 4,
            hash: [5; 16],
            text: Location::NONE,
            page: None,
            page_revision: 3,
            site: "example.org".to_owned(),
        };
        let mut old = row.encode();
        old[0] = ROW_LAYOUT_OWN_PAGE;
        old.drain(FIXED_BYTES - 4..FIXED_BYTES);
        assert_eq!(Row::decode(&old), Some(row));
        old[0] = ROW_LAYOUT + 1;
        assert_eq!(Row::decode(&old), None);
    }

    #[test]
    fn time_keys_sort_as_times_do() {
        let times = [i64::MIN, -86_400, -1, 0, 1, 86_400, i64::MAX];
        for pair in times.windows(2) {
            assert!(time_key(pair[0], ArticleId(u64::MAX)) < time_key(pair[1], ArticleId(0)));
        }
        assert_eq!(
            split_time_key(&time_key(-7, ArticleId(9))),
            Some((-7, ArticleId(9)))
        );
    }
}
