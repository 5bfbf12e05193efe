//! A saved site: which local file holds the page of a URL.

use std::path::{Component, Path, PathBuf};

use url::Url;

/// A directory of saved pages and the URL under which they were published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    root: PathBuf,
    base: Url,
}

impl Saved {
    /// The pages below `root`, published under `base` (ending in `/`); without one their URLs are `file:` URLs.
    ///
    /// `None` if the directory cannot be found.
    pub fn new(root: &Path, base: Option<&Url>) -> Option<Self> {
        let root = root.canonicalize().ok()?;
        let base = match base {
            Some(base) => base.clone(),
            None => Url::from_directory_path(&root).ok()?,
        };
        Some(Self { root, base })
    }

    /// The URL of a file below the directory; `None` for others. `page.html.gz` is published as `page.html`.
    pub fn url_of(&self, file: &Path) -> Option<Url> {
        let file = file.canonicalize().ok()?;
        let relative = file.strip_prefix(&self.root).ok()?;
        let mut url = self.base.clone();
        {
            let mut segments = url.path_segments_mut().ok()?;
            segments.pop_if_empty();
            for part in relative.components() {
                let Component::Normal(name) = part else {
                    return None;
                };
                segments.push(name.to_str()?);
            }
        }
        if let Some(path) = url.path().strip_suffix(".gz").map(ToOwned::to_owned) {
            url.set_path(&path);
        }
        Some(url)
    }

    /// The regular file below the directory that holds the page of a URL, if there is one. A URL cannot name a file
    /// outside, neither by `..` nor through a link. A URL with a query is a page of its own that no file is named after.
    pub fn file_of(&self, url: &Url) -> Option<PathBuf> {
        let same_place = url.query().is_none()
            && url.scheme() == self.base.scheme()
            && url.host() == self.base.host()
            && url.port_or_known_default() == self.base.port_or_known_default();
        let below = url.path().strip_prefix(self.base.path()).filter(|_| same_place)?;
        // The path of a URL, read as that of a file: URL, is a path below `/`; then it is hung under the directory.
        let mut rooted = Url::parse("file:///").ok()?;
        rooted.set_path(below);
        let rooted = rooted.to_file_path().ok()?;
        let plain = self.root.join(rooted.strip_prefix("/").ok()?);
        let with = |ending: &str| {
            let mut name = plain.clone().into_os_string();
            name.push(ending);
            PathBuf::from(name)
        };
        [
            plain.clone(),
            with(".gz"),
            with(".html"),
            plain.join("index.html"),
        ]
        .iter()
        .filter_map(|path| path.canonicalize().ok())
        .find(|path| path.is_file() && path.starts_with(&self.root))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("site");
        std::fs::create_dir_all(root.join("news/section")).unwrap();
        for file in [
            "news/a b.html",
            "news/packed.html.gz",
            "news/bare.html",
            "news/section/index.html",
            "../secret.html",
        ] {
            std::fs::write(root.join(file), "x").unwrap();
        }
        std::os::unix::fs::symlink(dir.path().join("secret.html"), root.join("link.html")).unwrap();
        (dir, root.canonicalize().unwrap())
    }

    #[test]
    fn files_and_their_published_urls_belong_together() {
        let (_dir, root) = site();
        let base = Url::parse("https://example.org/x/").unwrap();
        let saved = Saved::new(&root, Some(&base)).unwrap();
        for (file, path) in [
            ("news/a b.html", "news/a%20b.html"),
            ("news/packed.html.gz", "news/packed.html"),
        ] {
            let url = base.join(path).unwrap();
            assert_eq!(saved.url_of(&root.join(file)).unwrap(), url);
            assert_eq!(saved.file_of(&url).unwrap(), root.join(file));
        }
        assert_eq!(
            saved.file_of(&base.join("news/bare#f").unwrap()).unwrap(),
            root.join("news/bare.html")
        );
        assert_eq!(
            saved.file_of(&base.join("news/section/").unwrap()).unwrap(),
            root.join("news/section/index.html")
        );
    }

    #[test]
    fn without_a_base_the_urls_are_file_urls() {
        let (_dir, root) = site();
        let saved = Saved::new(&root, None).unwrap();
        let url = saved.url_of(&root.join("news/a b.html")).unwrap();
        assert_eq!(url, Url::from_file_path(root.join("news/a b.html")).unwrap());
        assert!(saved.file_of(&url).is_some());
    }

    #[test]
    fn no_url_reaches_outside_the_directory() {
        let (_dir, root) = site();
        let base = Url::parse("https://example.org/").unwrap();
        let saved = Saved::new(&root, Some(&base)).unwrap();
        for path in [
            "link.html",
            "..%2fsecret.html",
            "%2e%2e/secret.html",
            "news/..%2f..%2fsecret.html",
            "/etc/hostname",
            "a%00b",
            "news/bare?q",
            "https://other.example/news/bare.html",
            "http://example.org/news/bare.html",
            "missing",
        ] {
            assert_eq!(saved.file_of(&base.join(path).unwrap()), None, "{path}");
        }
        assert_eq!(saved.url_of(&root.join("../secret.html")), None);
        assert_eq!(
            Saved::new(&root, None)
                .unwrap()
                .file_of(&Url::parse("file:///etc/hostname").unwrap()),
            None
        );
    }
}
