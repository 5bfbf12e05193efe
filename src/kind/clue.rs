//! The clues and their weights, in log-odds. They were set by hand on invented pages of each kind, and checked against some
//! 1,500 saved articles of all sorts, none of which may be refused.

use std::fmt::Write as _;

use crate::article::PageKind;
use PageKind::{Article, Captcha, Consent, Index, Live, Login, NotFound, Paywall, Video};

/// Something that speaks for some kinds of page or against them.
#[derive(Debug, PartialEq)]
pub struct Clue {
    /// What was seen.
    pub name: &'static str,
    /// What it adds to the log-odds of each kind.
    pub pulls: &'static [(PageKind, f32)],
}

impl Clue {
    /// What it adds to the log-odds of one kind.
    pub fn pull(&self, kind: PageKind) -> f32 {
        let pull = self.pulls.iter().find(|(of, _)| *of == kind);
        pull.map_or(0.0, |(_, pull)| *pull)
    }

    /// Its pulls in words: "index +4.0, live -1.0".
    pub fn describe(&self) -> String {
        self.pulls.iter().fold(String::new(), |mut text, (kind, pull)| {
            let gap = if text.is_empty() { "" } else { ", " };
            // A string takes any write.
            let _ = write!(text, "{gap}{} {pull:+.1}", kind.name());
            text
        })
    }
}

const fn clue(name: &'static str, pulls: &'static [(PageKind, f32)]) -> Clue {
    Clue { name, pulls }
}

/// The log-odds before anything was seen: of what feeds and lists lead to, about one page in fifty is no story.
pub(super) const PRIORS: [(PageKind, f32); 9] = [
    (Article, 0.0),
    (Index, -4.0),
    (Live, -5.0),
    (Paywall, -5.0),
    (Video, -4.0),
    (NotFound, -4.0),
    (Consent, -4.0),
    (Captcha, -4.0),
    (Login, -4.0),
];

/// The log-odds of an article where cleaning has kept nothing, with the weight of one good clue for something else.
pub(super) const NO_TEXT_ARTICLE: f32 = -2.0;

// Connected text that cleaning has kept, in words.
pub(super) static NO_STORY: Clue = clue(
    "no connected text",
    &[(Article, -2.0), (Live, -2.0), (Paywall, -2.0)],
);
pub(super) static LINE_OF_STORY: Clue = clue("a line of text", &[]);
pub(super) static BRIEF: Clue = clue("a brief text", &[(Article, 2.0), (Live, 2.0), (Paywall, 2.0)]);
pub(super) static SHORT_STORY: Clue = clue("a short story", &[(Article, 3.5), (Live, 3.5), (Paywall, 3.5)]);
pub(super) static STORY: Clue = clue("a story", &[(Article, 5.0), (Live, 5.0), (Paywall, 5.0)]);
pub(super) static LONG_STORY: Clue = clue("a long story", &[(Article, 7.0), (Live, 7.0), (Paywall, 7.0)]);

// What stands beside it.
pub(super) static TEASERS: Clue = clue("teasers outweigh the text", &[(Index, 2.5)]);
pub(super) static MANY_TEASERS: Clue = clue("many teasers", &[(Index, 1.5)]);
pub(super) static CARDS: Clue = clue("each text has a linked heading of its own", &[(Index, 3.0)]);
pub(super) static LINKED_HEADINGS: Clue = clue("headings are links", &[(Index, 1.5)]);

// The address.
pub(super) static ROOT: Clue = clue("the root of the site", &[(Index, 4.0)]);
pub(super) static LISTING: Clue = clue("the address of a listing", &[(Index, 3.0)]);
pub(super) static SEARCH: Clue = clue("the address of a search", &[(Index, 4.0)]);
pub(super) static NUMBERED: Clue = clue("the address of a further page", &[(Index, 1.5)]);
pub(super) static SECTION_LIKE: Clue = clue("the address of a section", &[(Index, 1.5)]);
pub(super) static STORY_LIKE: Clue = clue(
    "the address of a story",
    &[(Index, -2.0), (Login, -1.0), (Consent, -0.5)],
);
pub(super) static VIDEO_ADDRESS: Clue = clue("the address of a video, recording or gallery", &[(Video, 2.5)]);
pub(super) static LIVE_ADDRESS: Clue = clue("the address of a live blog", &[(Live, 2.5)]);
pub(super) static LOGIN_ADDRESS: Clue = clue("the address of a login", &[(Login, 3.5)]);
pub(super) static CONSENT_ADDRESS: Clue = clue("the address of a consent page", &[(Consent, 3.5)]);
pub(super) static ERROR_ADDRESS: Clue = clue("the address of an error page", &[(NotFound, 2.0)]);

// What the page claims of itself.
pub(super) static SAYS_ARTICLE: Clue = clue("og:type article", &[(Index, -1.5), (Video, -0.5)]);
pub(super) static SAYS_WEBSITE: Clue = clue("og:type website", &[(Index, 0.5)]);
pub(super) static SAYS_VIDEO: Clue = clue("og:type video", &[(Video, 2.0)]);
pub(super) static PUBLISHED: Clue = clue(
    "a time of publication",
    &[
        (Index, -1.5),
        (NotFound, -1.0),
        (Captcha, -1.0),
        (Consent, -1.0),
        (Login, -1.0),
    ],
);
pub(super) static LD_ARTICLE: Clue = clue(
    "JSON-LD of an article",
    &[
        (Index, -2.0),
        (NotFound, -2.0),
        (Captcha, -2.0),
        (Consent, -2.0),
        (Login, -2.0),
        (Video, -1.0),
    ],
);
pub(super) static LD_LIST: Clue = clue("JSON-LD of a list", &[(Index, 2.0)]);
pub(super) static LD_LIVE: Clue = clue("JSON-LD of a live blog", &[(Live, 7.0)]);
pub(super) static LD_VIDEO: Clue = clue("JSON-LD of a video, recording or gallery alone", &[(Video, 3.0)]);
pub(super) static LD_LOCKED: Clue = clue("JSON-LD says not free", &[(Paywall, 3.0)]);
pub(super) static TIER_LOCKED: Clue = clue("meta says not free", &[(Paywall, 1.5)]);

// Whether the story is whole.
pub(super) static CUT_SHORT: Clue = clue("the text ends in mid-sentence", &[(Paywall, 2.0)]);
pub(super) static FEW_WORDS: Clue = clue("few words of a story", &[(Paywall, 1.5)]);
pub(super) static WALL: Clue = clue("a subscription wall after the text", &[(Paywall, 2.5)]);
pub(super) static WALL_MARKUP: Clue = clue("markup of a paywall after the text", &[(Paywall, 1.0)]);
pub(super) static WORDS_MISSING: Clue = clue("JSON-LD counts more words", &[(Paywall, 2.0)]);
pub(super) static WORDS_THERE: Clue = clue("JSON-LD counts as many words", &[(Paywall, -4.0)]);
pub(super) static LOCKED_PART_THERE: Clue = clue("the part that is not free is there", &[(Paywall, -5.0)]);
pub(super) static WHOLE_LENGTH: Clue = clue("the length of a whole story", &[(Paywall, -3.0)]);

// Whether it goes on.
pub(super) static TIMED_ENTRIES: Clue = clue("entries with times", &[(Live, 2.0)]);
pub(super) static LIVE_MARKUP: Clue = clue("markup of a live blog", &[(Live, 2.5)]);

// What title and lines say; which kind they speak for stands in the rule.
pub(super) static TITLE_INDEX: Clue = clue("the title of a listing", &[(Index, 3.0)]);
pub(super) static TITLE_LIVE: Clue = clue("the title of a live blog", &[(Live, 3.0)]);
pub(super) static TITLE_VIDEO: Clue = clue("the title of a video or gallery", &[(Video, 2.0)]);
pub(super) static TITLE_NOT_FOUND: Clue = clue("the title of an error page", &[(NotFound, 6.0)]);
pub(super) static TITLE_CONSENT: Clue = clue("the title of a consent page", &[(Consent, 4.0)]);
pub(super) static TITLE_CAPTCHA: Clue = clue("the title of a block page", &[(Captcha, 6.0)]);
pub(super) static TITLE_LOGIN: Clue = clue("the title of a login page", &[(Login, 4.5)]);
pub(super) static LINE_NOT_FOUND: Clue = clue("a line of an error page", &[(NotFound, 3.0)]);
pub(super) static LINE_CONSENT: Clue = clue("a line of a consent page", &[(Consent, 2.0)]);
pub(super) static LINE_CAPTCHA: Clue = clue("a line of a block page", &[(Captcha, 3.0)]);
pub(super) static LINE_LOGIN: Clue = clue("a line of a login page", &[(Login, 1.5)]);
pub(super) static CHALLENGE_MARKUP: Clue = clue("markup of a challenge", &[(Captcha, 3.0)]);
pub(super) static CONSENT_MARKUP: Clue = clue("markup of a consent manager", &[(Consent, 1.0)]);
