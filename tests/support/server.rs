//! An HTTP server on the loopback that counts what it is asked for.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// What the server answers to one path.
#[derive(Clone)]
pub enum Reply {
    /// Status, headers and the whole body.
    Full(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// Headers and the start of a body that never goes on, until the client leaves.
    Stalled(Vec<(&'static str, String)>, Vec<u8>),
    /// Headers and a body that repeats without end, as fast as the client reads.
    Endless(Vec<(&'static str, String)>, Vec<u8>),
    /// The connection is closed without an answer.
    Closed,
    /// The connection stays open without an answer, until the client leaves.
    Silent,
    /// Just these bytes, then the connection is closed.
    Raw(Vec<u8>),
    /// 200 with this `ETag`, content type and body; 304 to a request that has the `ETag`.
    Tagged(String, &'static str, Vec<u8>),
}

impl Reply {
    /// 200 with a content type.
    pub fn ok(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::Full(200, vec![("Content-Type", content_type.to_owned())], body.into())
    }

    /// 200 with HTML.
    pub fn html(body: impl Into<Vec<u8>>) -> Self {
        Self::ok("text/html; charset=utf-8", body)
    }

    /// A status without body.
    pub fn status(status: u16) -> Self {
        Self::Full(status, vec![("Content-Type", "text/html".to_owned())], Vec::new())
    }

    /// 302 to a URL.
    pub fn redirect(to: &str) -> Self {
        Self::Full(302, vec![("Location", to.to_owned())], Vec::new())
    }
}

type Routes = HashMap<String, Reply>;

/// A running server. It stops with the process.
pub struct Server {
    address: SocketAddr,
    routes: Arc<Mutex<Routes>>,
    asked: Arc<Asked>,
}

/// The paths that were asked for, in order.
#[derive(Default)]
struct Asked {
    paths: Mutex<Vec<String>>,
    /// How many of them were answered with 304.
    not_modified: Mutex<usize>,
    more: Condvar,
}

impl Server {
    /// Serves nothing yet: every path is 404.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            routes: Arc::default(),
            asked: Arc::default(),
        };
        let (routes, asked) = (Arc::clone(&server.routes), Arc::clone(&server.asked));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (routes, asked) = (Arc::clone(&routes), Arc::clone(&asked));
                // A client that leaves early is not the server's concern.
                thread::spawn(move || drop(serve(&stream, &routes, &asked)));
            }
        });
        server
    }

    /// Serves a path (with its query) from now on.
    pub fn route(&self, path: &str, reply: Reply) {
        self.routes.lock().unwrap().insert(path.to_owned(), reply);
    }

    /// The URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How often a path was asked for.
    pub fn hits(&self, path: &str) -> usize {
        self.asked().iter().filter(|asked| *asked == path).count()
    }

    /// All paths that were asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        self.asked.paths.lock().unwrap().clone()
    }

    /// How many requests were answered with 304.
    pub fn not_modified(&self) -> usize {
        *self.asked.not_modified.lock().unwrap()
    }

    /// Waits until so many requests have come.
    pub fn wait_for(&self, requests: usize) {
        let paths = self.asked.paths.lock().unwrap();
        drop(
            self.asked
                .more
                .wait_while(paths, |paths| paths.len() < requests)
                .unwrap(),
        );
    }

    /// Forgets what was asked for.
    pub fn forget(&self) {
        self.asked.paths.lock().unwrap().clear();
        *self.asked.not_modified.lock().unwrap() = 0;
    }
}

fn serve(stream: &TcpStream, routes: &Mutex<Routes>, asked: &Asked) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream);
    let mut first = String::new();
    lines.read_line(&mut first)?;
    let mut line = String::new();
    let mut condition = String::new();
    while lines.read_line(&mut line)? > 2 {
        if let Some(tag) = line.strip_prefix("if-none-match: ") {
            tag.trim().clone_into(&mut condition);
        }
        line.clear();
    }
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let found = routes.lock().unwrap().get(&path).cloned();
    let reply = match found.unwrap_or_else(|| Reply::status(404)) {
        Reply::Tagged(tag, ..) if tag == condition => {
            *asked.not_modified.lock().unwrap() += 1;
            Reply::Full(304, vec![("ETag", tag)], Vec::new())
        }
        Reply::Tagged(tag, content_type, body) => {
            let headers = vec![("Content-Type", content_type.to_owned()), ("ETag", tag)];
            Reply::Full(200, headers, body)
        }
        reply => reply,
    };
    asked.paths.lock().unwrap().push(path);
    asked.more.notify_all();
    answer(stream, reply)?;
    stream.shutdown(Shutdown::Both)
}

fn answer(mut stream: &TcpStream, reply: Reply) -> std::io::Result<()> {
    match reply {
        Reply::Full(status, headers, body) => {
            head(
                stream,
                status,
                &headers,
                &format!("Content-Length: {}\r\n", body.len()),
            )?;
            stream.write_all(&body)
        }
        Reply::Stalled(headers, body) => {
            head(stream, 200, &headers, "Content-Length: 1000000\r\n")?;
            stream.write_all(&body)?;
            stream.read_to_end(&mut Vec::new()).map(drop)
        }
        Reply::Endless(headers, body) => {
            head(stream, 200, &headers, "")?;
            loop {
                stream.write_all(&body)?;
            }
        }
        Reply::Silent => stream.read_to_end(&mut Vec::new()).map(drop),
        Reply::Raw(bytes) => stream.write_all(&bytes),
        Reply::Closed | Reply::Tagged(..) => Ok(()),
    }
}

fn head(mut stream: &TcpStream, status: u16, headers: &[(&str, String)], more: &str) -> std::io::Result<()> {
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    write!(
        stream,
        "HTTP/1.1 {status} x\r\nConnection: close\r\n{}{more}\r\n",
        headers.concat()
    )
}
