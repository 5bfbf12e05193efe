use std::io::{Read, Write};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let dir = std::path::Path::new(&a[1]);
    let mut out = std::io::BufWriter::new(std::fs::File::create(&a[2]).unwrap());
    let rules = copydesk::rules::Rules::builtin();
    let mut pages = vec![];
    for line in std::fs::read_to_string(dir.join("manifest.jsonl")).unwrap().lines() {
        let v: serde_json::Value = serde_json::from_str(line).unwrap();
        let mut b = vec![];
        flate2::read::GzDecoder::new(std::fs::File::open(dir.join(v["html"].as_str().unwrap())).unwrap()).read_to_end(&mut b).unwrap();
        let url = v["url"].as_str().unwrap().trim_start_matches('x').parse().unwrap_or("http://x.invalid/".parse().unwrap());
        pages.push((v["id"].as_str().unwrap().to_owned(), copydesk::fetch::Page { url, content_type: None, body: b, fetched: 0 }));
    }
    let t = std::time::Instant::now();
    let mut worst = (0.0, String::new());
    for (id, p) in &pages {
        let t1 = std::time::Instant::now();
        let r = copydesk::pipeline::clean_page(p, rules);
        let d = t1.elapsed().as_secs_f64() * 1e3;
        if d > worst.0 { worst = (d, format!("{id} {} KB", p.body.len() / 1024)); }
        match r {
            Ok(a) => writeln!(out, "{}", serde_json::json!({"id": id, "text": a.text(), "title": a.fields.title, "authors": a.fields.authors, "date": a.fields.published})).unwrap(),
            Err(e) => writeln!(out, "{}", serde_json::json!({"id": id, "error": e.to_string()})).unwrap(),
        }
    }
    let clean = t.elapsed();
    if a.len() > 3 {
        let texts: Vec<_> = pages.iter().map(|p| String::from_utf8_lossy(&p.1.body).into_owned()).collect();
        let t = std::time::Instant::now();
        for x in &texts { std::hint::black_box(scraper::Html::parse_document(x)); }
        let parse = t.elapsed();
        eprintln!("clean {clean:?} parse {parse:?} ratio {:.3} worst {worst:?}", clean.as_secs_f64() / parse.as_secs_f64());
    }
}
