//! What a person names on the command line, to pages.

use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use copydesk::fetch::{self, FetchConfig, Fetcher, MAX_BODY, Page};
use jiff::Timestamp;
use tokio::runtime::Runtime;
use url::Url;

/// Names of files that a directory is searched for; each also with `.gz` behind it.
const PAGE_EXTENSIONS: [&str; 4] = ["html", "htm", "xhtml", "txt"];

/// The content type of pages that are said to be plain text.
pub const PLAIN_TEXT: &str = "text/plain";

/// One page to clean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// On the web.
    Web(Url),
    /// In a file.
    File(PathBuf),
    /// On standard input.
    Stdin,
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Web(url) => url.fmt(f),
            Self::File(path) => path.display().fmt(f),
            Self::Stdin => f.write_str("standard input"),
        }
    }
}

/// The inputs that an argument names: a URL, `-`, a file, or a directory with the pages below it, sorted.
///
/// # Errors
/// There is no such file, or a directory cannot be read or has no page.
pub fn expand(argument: &str) -> anyhow::Result<Vec<Input>> {
    if argument == "-" {
        return Ok(vec![Input::Stdin]);
    }
    let path = match Url::parse(argument) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => return Ok(vec![Input::Web(url)]),
        Ok(url) if url.scheme() == "file" => url.to_file_path().unwrap_or_else(|()| argument.into()),
        _ => PathBuf::from(argument),
    };
    let is_dir = match fs::metadata(&path) {
        Ok(metadata) => metadata.is_dir(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            bail!("{argument}: no such file (for a web page, begin with https://)")
        }
        Err(error) => return Err(error).with_context(|| argument.to_owned()),
    };
    if !is_dir {
        return Ok(vec![Input::File(path)]);
    }
    let pages = pages_below(&path)?;
    if pages.is_empty() {
        bail!("{argument}: no page in this directory (looked for .html, .htm, .xhtml, .txt, also with .gz)");
    }
    Ok(pages.into_iter().map(Input::File).collect())
}

/// The pages below a directory, sorted by path. Symbolic links are not followed, so there is an end.
fn pages_below(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut pages = Vec::new();
    let mut dirs = vec![dir.to_path_buf()];
    while let Some(dir) = dirs.pop() {
        let entries = fs::read_dir(&dir).with_context(|| dir.display().to_string())?;
        for entry in entries {
            let entry = entry.with_context(|| dir.display().to_string())?;
            let kind = entry
                .file_type()
                .with_context(|| entry.path().display().to_string())?;
            if kind.is_dir() {
                dirs.push(entry.path());
            } else if kind.is_file() && is_named_as_page(&entry.path()) {
                pages.push(entry.path());
            }
        }
    }
    pages.sort();
    Ok(pages)
}

/// Whether the name says that it is a page, looking through `.gz`.
fn is_named_as_page(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return false;
    };
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| PAGE_EXTENSIONS.contains(&extension))
}

/// Reads inputs; starts what the network needs with the first that is on it.
pub struct Reader {
    fetcher: Option<(Runtime, Fetcher)>,
    /// Every input is plain text, whatever its name.
    plain_text: bool,
}

impl Reader {
    /// For these inputs. `allow_private` names hosts that may be reached on private addresses.
    ///
    /// # Errors
    /// The network cannot be used at all.
    pub fn new(inputs: &[Input], plain_text: bool, allow_private: &[String]) -> anyhow::Result<Self> {
        let on_web = inputs.iter().any(|input| matches!(input, Input::Web(_)));
        let config = || FetchConfig {
            allow_private: allow_private.to_vec(),
            ..FetchConfig::default()
        };
        let fetcher = on_web.then(|| start_fetcher(config())).transpose()?;
        Ok(Self { fetcher, plain_text })
    }

    /// The page. Can be called from several threads at once.
    ///
    /// # Errors
    /// It cannot be fetched or read; the message names the input.
    pub fn read(&self, input: &Input) -> anyhow::Result<Page> {
        let mut page = match (input, &self.fetcher) {
            (Input::Web(url), Some((runtime, fetcher))) => runtime.block_on(fetcher.get(url))?,
            (Input::Web(url), None) => bail!("{url}: the network was not started"),
            (Input::File(path), _) => fetch::read_file(path)?,
            (Input::Stdin, _) => read_stdin()?,
        };
        if self.plain_text {
            page.content_type = Some(PLAIN_TEXT.to_owned());
        }
        Ok(page)
    }
}

/// A fetcher for single pages, and a runtime to run it on.
///
/// # Errors
/// The network cannot be used at all.
pub fn start_fetcher(config: FetchConfig) -> anyhow::Result<(Runtime, Fetcher)> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    Ok((runtime, Fetcher::new(config)?))
}

fn read_stdin() -> anyhow::Result<Page> {
    let mut body = Vec::new();
    io::stdin()
        .lock()
        .take(MAX_BODY as u64 + 1)
        .read_to_end(&mut body)
        .context("standard input")?;
    if body.len() > MAX_BODY {
        bail!("standard input: larger than {MAX_BODY} bytes");
    }
    let url = Url::parse("file:///dev/stdin")?;
    Ok(Page {
        url,
        content_type: None,
        body,
        fetched: Timestamp::now().as_second(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_dash_and_files_are_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("https.html");
        fs::write(&file, "x").unwrap();
        assert_eq!(expand("-").unwrap(), [Input::Stdin]);
        let url = "HTTPS://news.example/a";
        assert_eq!(expand(url).unwrap(), [Input::Web(Url::parse(url).unwrap())]);
        assert_eq!(
            expand(file.to_str().unwrap()).unwrap(),
            [Input::File(file.clone())]
        );
        let file_url = Url::from_file_path(&file).unwrap();
        assert_eq!(expand(file_url.as_str()).unwrap(), [Input::File(file)]);
    }

    #[test]
    fn a_host_without_scheme_is_told_how_to_write_it() {
        let error = expand("news.example/a").unwrap_err().to_string();
        assert_eq!(
            error,
            "news.example/a: no such file (for a web page, begin with https://)"
        );
    }

    #[test]
    fn a_directory_gives_its_pages_sorted_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("b")).unwrap();
        for name in ["z.HTML", "b/y.htm.gz", "a.txt", "b/readme.md", "c.gz", "x.png"] {
            fs::write(dir.path().join(name), "x").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(dir.path(), dir.path().join("b/loop.html")).unwrap();
        let inputs = expand(dir.path().to_str().unwrap()).unwrap();
        let expected = ["a.txt", "b/y.htm.gz", "z.HTML"].map(|name| Input::File(dir.path().join(name)));
        assert_eq!(inputs, expected);
    }

    #[test]
    fn an_empty_directory_is_an_error_that_says_what_was_looked_for() {
        let dir = tempfile::tempdir().unwrap();
        assert!(
            expand(dir.path().to_str().unwrap())
                .unwrap_err()
                .to_string()
                .contains(".html")
        );
    }
}
