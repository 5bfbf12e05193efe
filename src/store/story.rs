//! Stories: articles whose texts are [near-duplicates](crate::dedupe::Shingles) of each other, directly or by others.
//!
//! An article that is put in is compared with those that share part of its sketch; what it is like becomes one story with it.
//! A story is a connected set: its id is the smallest of its articles', so that it does not depend on their order. A revision may
//! bring an article into a story; it takes none out, for what once was the same story still is.

use super::error::StoreError;
use super::row::{id_key, id_of};
use super::rows::Tree;
use super::write::{Batch, Text};
use super::{Store, StoredArticle};
use crate::article::{Article, ArticleId};
use crate::dedupe::{Likeness, MIN_SHARED, Shingles};

/// Of one part of a sketch so many articles are looked at: what more of them share is a formula, not a story.
const CARRIERS_MAX: usize = 64;

/// So many candidates are compared whole, those with most in common first.
const COMPARED_MAX: usize = 32;

/// So many articles of a story are listed.
const MEMBERS_MAX: usize = 1000;

/// An article as one of those that tell a story.
#[derive(Debug, Clone, PartialEq)]
pub struct StoryMember {
    /// The article.
    pub article: StoredArticle,
    /// What it shares with the representative.
    pub likeness: Likeness,
}

impl Store {
    /// The story of an article: its own id where no other tells it.
    ///
    /// # Errors
    /// [`StoreError`] where the rows cannot be read.
    pub fn story_of(&self, id: ArticleId) -> Result<ArticleId, StoreError> {
        let row = self.rows.get(Tree::Story, &id_key(id))?;
        Ok(row.as_deref().and_then(id_of).unwrap_or(id))
    }

    /// The ids of all articles that tell the story of this one, itself among them, in their order; at most 1000.
    ///
    /// # Errors
    /// As [`Self::story_of`].
    pub fn story_ids(&self, id: ArticleId) -> Result<Vec<ArticleId>, StoreError> {
        let story = self.story_of(id)?;
        let mut ids = self.members(story)?;
        if ids.is_empty() {
            ids.push(id);
        }
        Ok(ids)
    }

    /// All that tell the story of an article: the representative first, which is the earliest and of these the longest, then by
    /// time.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn story(&self, id: ArticleId) -> Result<Vec<StoryMember>, StoreError> {
        self.flush()?;
        let mut articles = Vec::new();
        for id in self.story_ids(id)? {
            articles.extend(self.get(id)?);
        }
        articles.sort_by_key(|stored: &StoredArticle| {
            (
                stored.time(),
                std::cmp::Reverse(stored.article.words()),
                stored.id,
            )
        });
        let first = articles.first().map(|first| Shingles::of(&first.article.blocks));
        let first = first.unwrap_or_default();
        let members = articles.into_iter().map(|article| StoryMember {
            likeness: first.likeness(&Shingles::of(&article.article.blocks)),
            article,
        });
        Ok(members.collect())
    }

    /// The rows by which a new text finds its story. `old` is the text that it replaces.
    pub(super) fn add_story(
        &self,
        batch: &mut Batch,
        id: ArticleId,
        new: &Text<'_>,
        old: Option<&Article>,
    ) -> Result<(), StoreError> {
        let shingles = Shingles::of(&new.article.blocks);
        let sketch = shingles.sketch();
        if let Some(old) = old {
            for part in Shingles::of(&old.blocks).sketch() {
                if sketch.binary_search(&part).is_err() {
                    batch.remove(Tree::Sketch, sketch_key(part, id));
                }
            }
        }
        let mut merged = vec![self.story_of(id)?];
        for other in self.candidates(&sketch, id)? {
            let story = self.story_of(other)?;
            if !merged.contains(&story) && self.is_like(&shingles, other)? {
                merged.push(story);
            }
        }
        for part in sketch {
            batch.set(Tree::Sketch, sketch_key(part, id), []);
        }
        if merged.len() > 1 {
            self.merge(batch, id, &merged)?;
        }
        Ok(())
    }

    /// Articles that share enough of a sketch, those that share most first.
    fn candidates(&self, sketch: &[u64], id: ArticleId) -> Result<Vec<ArticleId>, StoreError> {
        let mut counts: rustc_hash::FxHashMap<ArticleId, usize> = rustc_hash::FxHashMap::default();
        for part in sketch {
            let keys = self
                .rows
                .keys_with_prefix(Tree::Sketch, &part.to_be_bytes(), CARRIERS_MAX)?;
            for key in keys {
                if let Some(other) = key.get(8..).and_then(id_of).filter(|other| *other != id) {
                    *counts.entry(other).or_default() += 1;
                }
            }
        }
        let mut candidates: Vec<_> = counts
            .into_iter()
            .filter(|(_, shared)| *shared >= MIN_SHARED)
            .collect();
        candidates.sort_unstable_by_key(|(id, shared)| (std::cmp::Reverse(*shared), *id));
        candidates.truncate(COMPARED_MAX);
        Ok(candidates.into_iter().map(|(id, _)| id).collect())
    }

    /// A text that cannot be read is like nothing.
    fn is_like(&self, shingles: &Shingles, other: ArticleId) -> Result<bool, StoreError> {
        let Some(row) = self.row(other)? else {
            return Ok(false);
        };
        match self.text(other, &row) {
            Ok(text) => {
                let other = Shingles::of(&text.article.blocks);
                Ok(shingles.likeness(&other).is_same_story())
            }
            Err(StoreError::Damaged { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Makes one story of several, and of the article.
    fn merge(&self, batch: &mut Batch, id: ArticleId, stories: &[ArticleId]) -> Result<(), StoreError> {
        let mut members = vec![id];
        for story in stories {
            let known = self.members(*story)?;
            for member in &known {
                batch.remove(Tree::StoryMember, member_key(*story, *member));
            }
            members.extend(if known.is_empty() { vec![*story] } else { known });
        }
        members.sort_unstable();
        members.dedup();
        let whole = members[0];
        for member in members {
            batch.set(Tree::Story, id_key(member), id_key(whole));
            batch.set(Tree::StoryMember, member_key(whole, member), []);
        }
        Ok(())
    }

    fn members(&self, story: ArticleId) -> Result<Vec<ArticleId>, StoreError> {
        let keys = self
            .rows
            .keys_with_prefix(Tree::StoryMember, &id_key(story), MEMBERS_MAX)?;
        let mut ids: Vec<_> = keys
            .iter()
            .filter_map(|key| key.get(8..).and_then(id_of))
            .collect();
        ids.sort_unstable();
        Ok(ids)
    }
}

fn sketch_key(part: u64, id: ArticleId) -> [u8; 16] {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&part.to_be_bytes());
    key[8..].copy_from_slice(&id_key(id));
    key
}

fn member_key(story: ArticleId, member: ArticleId) -> [u8; 16] {
    sketch_key(story.0, member)
}
