//! The sequence of texts.

use super::*;

fn since(desk: &Desk, seq: u64) -> Vec<(u64, ArticleId)> {
    let rows = desk.store().since_seq(seq).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Two articles, the first with a second text.
fn desk_with_a_revision() -> (Desk, [ArticleId; 2]) {
    let desk = Desk::new();
    let url = |name: &str| format!("https://example.org/{name}");
    let storm = id_of_outcome(desk.put(&article(&url("storm"), &[&story("storm", 0..60)])));
    let vote = id_of_outcome(desk.put(&article(&url("vote"), &[&story("vote", 0..60)])));
    desk.put(&article("https://other.net/vote", &[&story("vote", 0..60)]));
    desk.put(&article(&url("storm"), &[&story("storm", 0..90)]));
    (desk, [storm, vote])
}

#[test]
fn an_article_stands_under_the_number_of_its_current_text() {
    let (desk, [storm, vote]) = desk_with_a_revision();
    assert_eq!(desk.store().last_seq().unwrap(), 3);
    assert_eq!(since(&desk, 0), [(2, vote), (3, storm)]);
    assert_eq!(since(&desk, 2), [(3, storm)]);
    assert_eq!(since(&desk, 3), []);
    assert_eq!(since(&desk, u64::MAX), []);
    desk.put(&article("https://example.org/storm", &["Too thin."]));
    assert_eq!(desk.store().last_seq().unwrap(), 3);
}

#[test]
fn a_recleaned_text_has_a_number_of_its_own() {
    let (desk, [storm, vote]) = desk_with_a_revision();
    let again = article("https://example.org/vote", &[&story("vote", 0..59)]);
    desk.store().put_recleaned(vote, 1, &again, 9).unwrap();
    assert_eq!(since(&desk, 0), [(3, storm), (4, vote)]);
}

#[test]
fn numbers_are_the_same_after_the_rows_were_made_again() {
    let (mut desk, _) = desk_with_a_revision();
    let before = since(&desk, 0);
    for _ in 0..2 {
        desk.close();
        std::fs::remove_dir_all(desk.path().join("rows")).unwrap();
        desk.reopen();
        assert_eq!(since(&desk, 0), before);
        assert_eq!(desk.store().last_seq().unwrap(), 3);
    }
}

#[test]
fn a_store_of_the_second_format_gets_its_numbers_when_it_is_opened_also_after_an_interruption() {
    let (mut desk, _) = desk_with_a_revision();
    let before = since(&desk, 0);
    for numbered_so_far in 0..=before.len() {
        {
            let store = desk.store();
            let mut writer = store.writer().unwrap();
            let mut batch = write::Batch::new(writer.state);
            for (seq, id) in &before[numbered_so_far..] {
                batch.remove(Tree::Seq, seq.to_be_bytes());
                batch.remove(Tree::ArticleSeq, id_key(*id));
            }
            (batch.state.seq, batch.state.numbered) = (0, false);
            store.stage(&mut writer, batch).unwrap();
        }
        desk.close();
        std::fs::write(desk.path().join("copydesk-store"), "copydesk store, format 2\n").unwrap();
        desk.reopen();
        assert_eq!(since(&desk, 0), before);
        assert_eq!(desk.store().last_seq().unwrap(), 3);
        let marker = std::fs::read_to_string(desk.path().join("copydesk-store")).unwrap();
        assert_eq!(marker, "copydesk store, format 3\n");
    }
}
