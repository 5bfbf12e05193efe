//! Invented Full-Text RSS configs of all shapes become site files that load and do what they say.

use std::fs;

use copydesk::fetch::Page;
use copydesk::ftr::{Bodies, import, text_of};
use copydesk::pipeline::clean_page;
use copydesk::rules::Rules;

const CONFIGS: &[(&str, &[u8])] = &[
    ("lamp.example.txt", b"title: //h1\nbody: //div[@id='story']\nstrip: //p[@class='promo']\ntest_url: http://lamp.example/a\n"),
    ("latin.example.txt", b"# Fran\xe7ais\r\nbody: //article\r\nstrip: //p[.='Caf\xe9']\r\nstrip_id_or_class: 'publicit\xe9'\r\n"),
    (".wild.example.txt", "\u{feff}body: //main[.//p] | //section[last()]\nauthor: //a[@rel='author']\n".as_bytes()),
    ("quotes.example.txt", b"strip: //a[@title='say \"hi\"' and @href=\"it's\"]\nstrip://a[@title=\"back\\slash\"]\n"),
    ("find.example.txt", b"find_string: <br/>\nreplace_string: <p>\nreplace_string(<a: b>): <c>\nhttp_header(user-agent): X\n"),
    ("many.example.txt", b"body: //a\nbody: //b/..\nbody: //c/ancestor::div[1]\nbody: (//d)[1]\nbody: //e[position()<3]\n"),
    ("next.example.txt", b"next_page_link: //a[contains(., 'Next')]\nnext_page_link: //li[@class='next']/a/@href\nsingle_page_link: //a\n"),
    ("fields.example.txt", b"date: //time/@datetime\ndate: //meta[@name='date']/@content\nauthor: substring-after(//p[1], 'By ')\n"),
    ("broken.example.txt", b"body //div\n: //x\nstrip: //div[\nstrip: ]]\nstrip:\ntitle: //h1[@class=]\n\x00\x01\x02\n"),
    ("empty.example.txt", b""),
    ("comments.example.txt", b"# only\n# comments\n"),
    ("siblings.example.txt", b"strip: //h2[@id='more']/following-sibling::*\nstrip: //ul/preceding-sibling::p[1]\nstrip: //p[not(node())]\n"),
    ("odd.example.txt", "strip: //*[local-name()='svg']\nstrip: //div[contains(@class, 'ünïcödé')]\nstrip_id_or_class: a]b\"c\n".as_bytes()),
];

#[test]
fn configs_of_all_shapes_load() {
    for bodies in [Bodies::Comments, Bodies::Rules] {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("sites")).unwrap();
        for (name, bytes) in CONFIGS {
            let imported = import(name, &text_of(bytes), bodies).unwrap();
            let path = dir.path().join(format!("sites/{}.toml", imported.host));
            fs::write(path, &imported.toml).unwrap();
        }
        if let Err(errors) = Rules::with_overlay(dir.path()) {
            panic!("{errors}");
        }
    }
}

#[test]
fn an_imported_config_cleans_its_site() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("sites")).unwrap();
    let (name, bytes) = CONFIGS[0];
    let imported = import(name, &text_of(bytes), Bodies::Rules).unwrap();
    fs::write(dir.path().join("sites/lamp.example.toml"), &imported.toml).unwrap();
    let rules = Rules::with_overlay(dir.path()).unwrap();
    let page = Page {
        url: "https://www.lamp.example/a".parse().unwrap(),
        content_type: Some("text/html".to_owned()),
        body: b"<h1>Rain</h1><p>Nothing of this paragraph belongs to the story of the day, it is about the house.</p>\
            <div id=story><p>It rained all day in the north, and the rivers rose by a metre before the evening.</p>\
            <p class=promo>Read the whole story of the rain in our paper, at the kiosk on every Saturday.</p>\
            <p>The ferry did not sail. Two schools were closed, said the council, until Monday at the least.</p></div>"
            .to_vec(),
        fetched: 0,
    };
    let article = clean_page(&page, &rules).unwrap();
    let texts: Vec<&str> = article.blocks.iter().map(|block| &*block.text).collect();
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(
        texts[0].starts_with("It rained") && texts[1].starts_with("The ferry"),
        "{texts:?}"
    );
}

/// Elements of a page that each translated expression must take, by their ids.
const PAGE: &str = r#"<div id="a" class="x y"><p id="p1">one</p><p id="p2" class="k">two <a id="l" href="/z/1">link</a></p>
<h2 id="h">head</h2><p id="p3" class="k">three</p><ul id="u"><li id="i1">1</li><li id="i2" class="k">2</li><li id="i3" class="k">3</li></ul></div>
<section id="s"><div id="b"><p id="p4">four</p></div></section>"#;

#[test]
fn translated_expressions_take_what_the_xpath_takes() {
    for (xpath, ids) in [
        ("//p[@class='k'][1]", "p2"),
        ("//p[@class='k'][last()]", "p3"),
        ("//p[@class='k'][2]", "p3"),
        ("//li[@class='k'][1]", "i2"),
        ("//li[position()>1]", "i2 i3"),
        ("//li[last()-1]", "i2"),
        ("//p[a]", "p2"),
        ("//a[@href]/..", "p2"),
        ("//a/ancestor::div", "a"),
        ("//div[@id='a']/p/a/ancestor::*[1]", "p2"),
        ("//h2/following-sibling::*", "p3 u"),
        ("//h2/following-sibling::p[1]", "p3"),
        ("//h2/preceding-sibling::p", "p1 p2"),
        ("//h2/preceding-sibling::p[1]", "p2"),
        ("//p[following-sibling::*[1][self::h2]]", "p2"),
        ("//p[not(ancestor::section)]", "p1 p2 p3"),
        ("//p[preceding-sibling::h2]", "p3"),
        ("//div[not(p[@class])]", "b"),
        ("//*[@id='b']/parent::section", "s"),
        ("//p[a[starts-with(@href, '/z')]]", "p2"),
        ("//div[contains(concat(' ', @class, ' '), ' y ')]/h2", "h"),
        ("//section//p | //h2", "h p4"),
        ("//div[p/a]/ul/li[1]", "i1"),
    ] {
        let imported = import("lamp.example.txt", &format!("strip: {xpath}"), Bodies::Rules).unwrap();
        let drops: toml::Table = imported.toml.parse().unwrap();
        let drops = drops["layout"][0]["drop"].as_array().unwrap().clone();
        let page = scraper::Html::parse_document(PAGE);
        let mut found: Vec<String> = drops
            .iter()
            .map(|css| css.as_str().unwrap().trim_start_matches("css:"))
            .flat_map(|css| {
                let selector = scraper::Selector::parse(css).unwrap();
                let ids: Vec<String> = page
                    .select(&selector)
                    .filter_map(|element| element.attr("id").map(str::to_owned))
                    .collect();
                ids
            })
            .collect();
        found.sort();
        let mut wanted: Vec<&str> = ids.split(' ').collect();
        wanted.sort_unstable();
        assert_eq!(found, wanted, "{xpath}: {drops:?}");
    }
}
