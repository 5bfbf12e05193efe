//! Is it the same article? Pure functions over URLs and texts, no storage.
//!
//! Two pages are the same article when their URLs have the same [normal form](normal_url), when one names the other as
//! its [credible canonical URL](credible_canonical), or when their [normal words](text_hash) are the same and there
//! are enough of them to mean anything ([`MIN_HASH_WORDS`]).

mod near;
mod url;
mod words;

use sha2::{Digest, Sha256};

pub use self::near::{Likeness, MIN_SHARED, Shingles};
pub use self::url::{credible_canonical, normal_url};
pub(crate) use self::words::is_unspaced;
pub use self::words::{Fingerprint, MIN_HASH_WORDS, containment, text_hash};
pub use crate::site::site_of;

use crate::article::ArticleId;

/// The id of an article that is first stored under the URL of this [normal form](normal_url).
pub fn article_id(normal_url: &str) -> ArticleId {
    let digest = Sha256::digest(normal_url.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    ArticleId(u64::from_be_bytes(first))
}

#[cfg(test)]
mod tests {
    use super::article_id;

    #[test]
    fn an_id_is_the_head_of_the_sha_256_of_the_normal_url() {
        // printf 'https://example.org/a' | sha256sum
        assert_eq!(
            article_id("https://example.org/a").to_string(),
            "b5b10dd0429e69ac"
        );
    }
}
