//! What a page asks of whoever would store it.

use crate::document::Meta;

/// What a page asks of whoever would store it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Do not list it: the article is not to be stored.
    pub noindex: bool,
    /// Do not keep a copy of it: the raw page is not to be stored.
    pub noarchive: bool,
}

impl Wishes {
    /// By the `<meta name="robots">`s of a page.
    pub(super) fn of_meta(meta: &[Meta]) -> Self {
        let robots = meta.iter().filter(|meta| meta.key == "robots");
        robots.fold(Self::default(), |wishes, meta| {
            wishes.and(Self::of_directives(&meta.content))
        })
    }

    /// By directives with commas or ends of lines between them, as in `X-Robots-Tag`.
    pub(super) fn of_directives(text: &str) -> Self {
        let mut wishes = Self::default();
        for directive in text.split([',', '\n']) {
            match directive.trim().to_ascii_lowercase().as_str() {
                "noindex" | "none" => wishes.noindex = true,
                "noarchive" => wishes.noarchive = true,
                _ => {}
            }
        }
        wishes
    }

    /// These and others.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            noindex: self.noindex || other.noindex,
            noarchive: self.noarchive || other.noarchive,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_are_read_one_by_one_and_others_passed_over() {
        let of = |text| {
            let wishes = Wishes::of_directives(text);
            (wishes.noindex, wishes.noarchive)
        };
        assert_eq!(of("NOINDEX, follow"), (true, false));
        assert_eq!(of("max-snippet:-1\nnoarchive"), (false, true));
        assert_eq!(of("none"), (true, false));
        assert_eq!(of("index, noimageindex, x-noindex"), (false, false));
    }
}
