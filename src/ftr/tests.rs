use super::*;

fn css_of(xpath: &str) -> String {
    let imported = import("news.example.txt", &format!("strip: {xpath}"), Bodies::Rules).unwrap();
    let parsed: toml::Table = imported.toml.parse().unwrap();
    let Some(layout) = parsed.get("layout").and_then(|layouts| layouts.get(0)) else {
        return format!("{:?}", imported.lines[0].outcome);
    };
    let strings = |key: &str| -> Vec<String> {
        let list = layout.get(key).and_then(toml::Value::as_array);
        list.into_iter()
            .flatten()
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect()
    };
    strings("drop").join(", ").replace("css:", "")
}

#[test]
fn xpath_becomes_css() {
    for (xpath, css) in [
        ("//div[@id='a']", "div[id=\"a\"]"),
        ("//div[@class='a b']//p", "div[class=\"a b\"] p"),
        ("//*[contains(@class, 'ad')]/ul/li", "[class*=\"ad\"] > ul > li"),
        (
            "//div[contains(concat(' ',normalize-space(@class),' '),' a-b ')]",
            "div.a-b",
        ),
        ("//a[starts-with(@href, '/x')]", "a[href^=\"/x\"]"),
        ("//p[1]", "p:first-of-type"),
        ("//p[last()]", "p:last-of-type"),
        ("//p[position()>2]", "p:nth-of-type(n+3)"),
        ("//*[2]", ":nth-child(2)"),
        ("//p[@class][1]", "p[class]:not(p[class] ~ *)"),
        ("//p[@class][last()]", "p[class]:not(:has(~ p[class]))"),
        ("//div[@a and not(@b)]", "div[a]:not([b])"),
        ("//div[@a or @b='c']", "div:is([a], [b=\"c\"])"),
        ("//div[p]", "div:has(> p)"),
        ("//div[.//p[@a]]", "div:has(p[a])"),
        ("//div[not(p)]", "div:not(:has(> p))"),
        ("//div[a/@href='x']", "div:has(> a[href=\"x\"])"),
        ("//a[@b]/..", ":has(> a[b])"),
        ("//a[@b]/parent::div", "div:has(> a[b])"),
        ("//ul/a[@b]/ancestor::div", "div:has(:is(ul > a[b]))"),
        ("//h2/following-sibling::*", "h2 ~ *"),
        ("//h2/following-sibling::*[1]", "h2 + *"),
        ("//h2/preceding-sibling::p", "p:has(~ h2)"),
        ("//p[ancestor::aside]", "p:is(aside *)"),
        ("//p[following-sibling::*[1][self::ul]]", "p:has(+ :is(ul))"),
        ("//p[preceding-sibling::h2]", "p:is(h2 ~ *)"),
        ("//*[self::h1 or self::h2]", ":is(:is(h1), :is(h2))"),
        ("//nav | //div[@a]", "nav, div[a]"),
        ("/html/body/div", "html > body > div"),
        ("//div[@id != 'a']", "div[id]:not([id=\"a\"])"),
        ("//div[count(p)=0]", "div:not(:has(> p))"),
        ("//*[local-name()='nav']", ":is(nav)"),
        ("//p[normalize-space(.)='Read more.']", r"p | text:^Read more\.$"),
        ("//p[starts-with(., 'Follow us ')]", "p | text:^Follow us"),
        ("//div[contains(., 'Ad ')][@a]", "div[a] | text:^.*Ad"),
        ("//a[text()='A' or contains(., 'Bc')]", "a | text:^A$|^.*Bc"),
        (
            "//div[.//h2[contains(text(), 'Related')]]",
            "div h2 | text:^.*Related | closest:div",
        ),
        (
            "//div[h3='Read also']",
            "div > h3 | text:^Read also$ | closest:div",
        ),
        ("//h2[.='Tags']/..", "h2 | text:^Tags$ | closest::has(> h2)"),
        (
            "//b[.='Ads']/ancestor::div[@c][1]",
            "b | text:^Ads$ | closest:div[c]",
        ),
        (
            "//time/parent::p/parent::div",
            "time | closest:p:has(> time) | closest:div:has(> p)",
        ),
        ("(//p)[last()]", "p | last"),
        ("(//p[contains(., 'Ads')])[1]", "p | text:^.*Ads | first"),
        ("//p[contains(., 'Ads')][1]", "p | text:^.*Ads | first"),
        ("id('a')/p", "[id=\"a\"] > p"),
        ("//DIV[translate(@id, 'ABC', 'abc')='a']", "div[id=\"a\" i]"),
    ] {
        assert_eq!(css_of(xpath), css, "{xpath}");
    }
}

#[test]
fn what_css_cannot_say_is_listed_with_the_reason() {
    for (xpath, reason) in [
        ("//div[not(contains(., 'xy'))]", "text"),
        ("//div[contains(., 'xy')]/following-sibling::p", "text"),
        ("(//p)[2]", "first or last of all"),
        ("//p/following::div", "whatever is around it"),
        ("//div[//p]", "whole page"),
        ("p", "neither / nor //"),
        ("//div[string-length(.) > 3]", "text"),
        ("concat(//a, 'x')", "concat()"),
        ("//div[", "missing"),
        ("//*", "whole page"),
        ("//div[@a=@b]", "no fixed text"),
    ] {
        let imported = import("news.example.txt", &format!("strip: {xpath}"), Bodies::Rules).unwrap();
        let Outcome::Untranslated(why) = &imported.lines[0].outcome else {
            panic!("{xpath}: {:?}", imported.lines[0].outcome);
        };
        assert!(why.contains(reason), "{xpath}: {why}");
        assert!(
            imported.toml.contains("# not translated: strip: "),
            "{}",
            imported.toml
        );
    }
}

#[test]
fn what_the_program_does_by_itself_needs_no_rule() {
    for line in [
        "tidy: no",
        "prune: no",
        "strip: //img",
        "strip: //@style",
        "strip: //comment()",
        "title: //title",
    ] {
        let imported = import("news.example.txt", line, Bodies::Rules).unwrap();
        assert!(
            matches!(imported.lines[0].outcome, Outcome::Needless(_)),
            "{line}: {:?}",
            imported.lines[0].outcome
        );
    }
}

#[test]
fn fields_become_sources() {
    for (line, source) in [
        ("title: //h1[@class='a']", "title = ['css:h1[class=\"a\"]']"),
        (
            "title: //meta[@property='og:title']/@content",
            "title = [\"meta:og:title\"]",
        ),
        ("date: //time/@datetime", "published = [\"css:time@datetime\"]"),
        (
            "date: substring-before(substring-after(//script[@type='application/ld+json'], '\"datePublished\":\"'), '\"')",
            "published = [\"ld:datePublished\"]",
        ),
        (
            "author: substring-after(//p[@class='by'], 'By ')",
            "authors = ['css:p[class=\"by\"]']",
        ),
        ("author://a[@rel='author']", "authors = ['css:a[rel=\"author\"]']"),
        (
            "next_page_link: //a[@class='next']",
            "next_page = ['css:a[class=\"next\"]@href']",
        ),
        ("title: (//h1)[1]", "title = [\"css:h1\"]"),
    ] {
        let imported = import("news.example.txt", line, Bodies::Rules).unwrap();
        assert!(imported.toml.contains(source), "{line}\n{}", imported.toml);
    }
}

#[test]
fn bodies_are_tried_one_after_the_other_and_then_none() {
    let imported = import(
        "www.news.example.txt",
        "body: //main | //aside\nbody: //article\nstrip_id_or_class: \"promo\"\ntest_url: https://news.example/a\n",
        Bodies::Rules,
    )
    .unwrap();
    let parsed: toml::Table = imported.toml.parse().unwrap();
    let layouts = parsed["layout"].as_array().unwrap();
    assert_eq!(layouts.len(), 3);
    assert_eq!(layouts[0]["body"].as_array().unwrap().len(), 2);
    assert_eq!(
        layouts[2]["drop"][0].as_str(),
        Some("css:[class*=\"promo\"], [id*=\"promo\"]")
    );
    assert!(layouts[2].get("body").is_none());
    assert_eq!(imported.host, "news.example");
    assert!(imported.toml.contains("# test_url: https://news.example/a\n"));
}

#[test]
fn bodies_can_be_left_to_the_general_rules() {
    let text = "body: //main\nbody: //p[.!='x']\nstrip: //aside\n";
    let imported = import("news.example.txt", text, Bodies::Comments).unwrap();
    assert!(
        imported.toml.contains("\n# body = [\"css:main\"]\n"),
        "{}",
        imported.toml
    );
    let parsed: toml::Table = imported.toml.parse().unwrap();
    assert_eq!(parsed["layout"].as_array().unwrap().len(), 1);
    let counts = imported.counts();
    assert_eq!((counts.same, counts.needless, counts.untranslated), (1, 1, 1));
}

#[test]
fn a_file_without_a_host_for_a_name_is_refused() {
    for name in ["LICENSE.txt", "../x.txt", "a b.txt", ".txt", ""] {
        assert!(import(name, "", Bodies::Rules).is_err(), "{name}");
    }
    assert_eq!(
        import(".news.example.txt", "", Bodies::Rules).unwrap().host,
        "news.example"
    );
}

#[test]
fn hostile_configs_are_bounded() {
    let repeated = format!("strip: //p{}", "[@a][1]".repeat(500));
    let parents = format!("strip: //p{}", "/..".repeat(1_000));
    let both = format!("strip: //p{}", "/ancestor-or-self::*".repeat(150));
    let siblings = format!("strip: //p{}", "/following-sibling::p[1]".repeat(150));
    let nested = format!("strip: //p{}", "[not(".repeat(500));
    for text in [repeated, parents, both, siblings, nested] {
        let imported = import("news.example.txt", &text, Bodies::Rules).unwrap();
        assert!(imported.toml.len() < 20_000, "{}", imported.toml.len());
    }
    let control = import(
        "news.example.txt",
        "strip: //p[@a='\u{1}\u{7f}\"]\nnonsense \u{2}",
        Bodies::Rules,
    )
    .unwrap();
    let _: toml::Table = control.toml.parse().unwrap();
}
