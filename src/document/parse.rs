//! Text to tree, within limits: html5ever drives scraper's tree through a guard that bounds depth, size and time.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use html5ever::{LocalName, TokenizerResult};
use scraper::{Html, HtmlTreeSink};

use super::Limit;

/// Elements may nest so deep; a start tag below it is dropped, its text stays. News pages nest 15 to 60 deep; browsers stop at
/// 512. Matching `:has` recurses over depth, so this bounds the stack too.
pub const MAX_DEPTH: usize = 256;
/// Nodes of one tree; the largest news pages have some 50,000. Bounds memory at about 100 MB.
pub const MAX_NODES: usize = 400_000;
/// Time to parse one page. An ordinary page takes a few milliseconds.
pub const MAX_PARSE_TIME: Duration = Duration::from_secs(5);
/// The parser is fed, and its clock looked at, in pieces of so many bytes.
const CHUNK: usize = 32 * 1024;
/// Names of dropped start tags remembered, to drop their end tags too.
const MAX_DROPPED: usize = 4096;

type Handle = <HtmlTreeSink as TreeSink>::Handle;

/// Parses pruned HTML. The second value names the limits that the page ran into.
pub fn parse(html: &str) -> (Html, Vec<Limit>) {
    let sink = HtmlTreeSink::new(Html::new_document());
    let guard = Guard {
        builder: TreeBuilder::new(sink, TreeBuilderOpts::default()),
        nodes: Cell::new(0),
        depth: Cell::new(0),
        measured: Cell::new(false),
        dropped: RefCell::new(Vec::new()),
        limits: RefCell::new(Vec::new()),
        stopped: Cell::new(false),
        deadline: Instant::now() + MAX_PARSE_TIME,
    };
    let tokenizer = Tokenizer::new(guard, TokenizerOpts::default());
    let queue = BufferQueue::default();
    let mut rest = html;
    while !rest.is_empty() && !tokenizer.sink.out_of_time() {
        let (chunk, after) = rest.split_at(chunk_end(rest));
        rest = after;
        queue.push_back(StrTendril::from(chunk));
        while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
    }
    tokenizer.end();
    let guard = tokenizer.sink;
    (guard.builder.sink.finish(), guard.limits.into_inner())
}

fn chunk_end(text: &str) -> usize {
    let mut end = CHUNK.min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    end
}

/// Stands between tokenizer and tree builder.
struct Guard {
    builder: TreeBuilder<Handle, HtmlTreeSink>,
    /// Start tags and text tokens passed on; an upper bound of the nodes but for re-created formatting elements.
    nodes: Cell<usize>,
    /// An upper bound of the current depth; made true when it passes the limit.
    depth: Cell<usize>,
    /// The depth is the true one: nothing was passed on since it was measured.
    measured: Cell<bool>,
    dropped: RefCell<Vec<LocalName>>,
    limits: RefCell<Vec<Limit>>,
    stopped: Cell<bool>,
    deadline: Instant,
}

impl Guard {
    fn note(&self, limit: Limit) {
        let mut limits = self.limits.borrow_mut();
        if !limits.contains(&limit) {
            limits.push(limit);
        }
    }

    fn out_of_time(&self) -> bool {
        if Instant::now() < self.deadline {
            return self.stopped.get();
        }
        self.stop(Limit::ParseTime);
        true
    }

    fn stop(&self, limit: Limit) {
        self.note(limit);
        self.stopped.set(true);
    }

    fn admits(&self, tag: &Tag) -> bool {
        match tag.kind {
            TagKind::StartTag => self.admits_start(tag),
            TagKind::EndTag => {
                self.depth.set(self.depth.get().saturating_sub(1));
                let mut dropped = self.dropped.borrow_mut();
                if dropped.last() == Some(&tag.name) {
                    dropped.pop();
                    return false;
                }
                true
            }
        }
    }

    fn admits_start(&self, tag: &Tag) -> bool {
        if self.depth.get() >= MAX_DEPTH && !self.measured.get() {
            self.measure();
        }
        if self.depth.get() >= MAX_DEPTH {
            self.note(Limit::Depth);
            let mut dropped = self.dropped.borrow_mut();
            if !tag.self_closing && dropped.len() < MAX_DROPPED {
                dropped.push(tag.name.clone());
            }
            return false;
        }
        if !tag.self_closing {
            self.depth.set(self.depth.get() + 1);
        }
        true
    }

    /// Takes the true depth from the newest node, and the true number of nodes.
    fn measure(&self) {
        let html = self.builder.sink.0.borrow();
        let count = html.tree.nodes().len();
        self.nodes.set(count);
        if let Some(newest) = html.tree.nodes().next_back() {
            self.depth.set(newest.ancestors().count());
        }
        self.measured.set(true);
    }
}

impl TokenSink for Guard {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        if self.stopped.get() && token != Token::EOFToken {
            return TokenSinkResult::Continue;
        }
        match &token {
            Token::CommentToken(_) | Token::ParseError(_) => return TokenSinkResult::Continue,
            Token::TagToken(tag) if !self.admits(tag) => return TokenSinkResult::Continue,
            _ => {}
        }
        self.measured.set(false);
        self.nodes.set(self.nodes.get() + 1);
        if self.nodes.get().is_multiple_of(1024) {
            self.measure();
            if self.nodes.get() > MAX_NODES {
                self.stop(Limit::Nodes);
            }
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}
