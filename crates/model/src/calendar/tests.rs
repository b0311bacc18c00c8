use super::*;

fn d(text: &str) -> Date {
    text.parse().expect("a day")
}

fn meeting(id: &str, kind: MeetingKind, start: &str, end: &str, status: MeetingStatus) -> Meeting {
    Meeting {
        id: id.into(),
        body: None,
        title: None,
        kind,
        start: d(start),
        end: d(end),
        place: "Geneva".into(),
        status,
        source: "summary page".into(),
        url: None,
        note: String::new(),
    }
}

fn rule(id: &str, days: i32, months: i32) -> CalendarRule {
    CalendarRule {
        id: id.into(),
        what: format!("{id} due"),
        days,
        months,
        applies: vec![MeetingKind::Plenary],
        source: "A.1".into(),
        note: String::new(),
        who: String::new(),
    }
}

fn calendar() -> Calendar {
    use MeetingKind::*;
    use MeetingStatus::*;
    Calendar {
        schema: 1,
        home: "ITU-T SG17".into(),
        rules: vec![rule("contribution", 12, 0), rule("translation", 0, 2), rule("td", 7, 0), rule("cg-report", 0, 1)],
        meetings: vec![
            meeting("p2", Plenary, "2026-06-01", "2026-06-10", HeldCorroborated),
            meeting("p1", Plenary, "2025-12-03", "2025-12-11", HeldCorroborated),
            meeting("vp", VirtualPlenary, "2026-04-09", "2026-04-09", Held),
            Meeting { body: Some("IETF".into()), ..meeting("ietf", Event, "2026-07-18", "2026-07-24", Planned) },
            meeting("guess", Plenary, "2026-08-01", "2026-08-02", Inferred),
        ],
    }
}

#[test]
fn deadlines_are_counted_back_and_say_why() {
    let all = calendar().upcoming(d("2026-04-01"), 99);
    let counted: Vec<_> = all.iter().filter_map(|x| x.rule.as_deref().map(|r| (r, x.date.to_string()))).collect();
    assert_eq!(
        counted,
        [
            ("translation", "2026-04-01".to_owned()),
            ("cg-report", "2026-05-01".to_owned()),
            ("contribution", "2026-05-20".to_owned()),
            ("td", "2026-05-25".to_owned()),
        ]
    );
    let td = all.iter().find(|x| x.rule.as_deref() == Some("td")).expect("a TD deadline");
    assert_eq!(td.basis, "7 days before 2026-06-01 (A.1); meeting date: summary page");
    assert!(all.is_sorted_by_key(|x| x.date));
}

#[test]
fn a_month_back_from_the_31st_is_the_last_of_the_shorter_month() {
    let mut c = calendar();
    c.meetings = vec![meeting("p", MeetingKind::Plenary, "2026-03-31", "2026-03-31", MeetingStatus::Planned)];
    let report = c.upcoming(d("2026-01-01"), 99).into_iter().find(|x| x.rule.as_deref() == Some("cg-report"));
    assert_eq!(report.map(|x| x.date), Some(d("2026-02-28")));
}

#[test]
fn past_dates_stay_out_and_what_lies_ahead_was_not_held() {
    let c = calendar();
    let all = c.upcoming(d("2026-05-20"), 99);
    assert!(all.iter().all(|x| x.date >= d("2026-05-20")));
    assert_eq!(all.iter().find(|x| x.meeting == "p2" && x.rule.is_none()).map(|x| x.status), Some(MeetingStatus::Planned));
    assert_eq!(c.upcoming(d("2026-05-20"), 2).len(), 2);
}

#[test]
fn a_meeting_under_way_is_still_shown() {
    let all = calendar().upcoming(d("2026-06-05"), 99);
    assert!(all.iter().any(|x| x.meeting == "p2" && x.rule.is_none()));
}

#[test]
fn the_last_and_the_next_plenary_and_the_silence_after_it() {
    let c = calendar();
    assert_eq!(c.last_plenary(d("2026-06-09")).map(|m| m.id.as_str()), Some("p1"));
    assert_eq!(c.next_plenary(d("2026-06-09")).map(|m| m.id.as_str()), Some("p2"));
    assert_eq!(c.silence(d("2026-06-09")), None);
    assert_eq!(c.last_plenary(d("2026-11-21")).map(|m| m.id.as_str()), Some("p2"));
    assert_eq!(c.next_plenary(d("2026-11-21")), None, "an inferred plenary is no plenary");
    assert!(c.silence(d("2026-11-21")).is_some_and(|s| s.contains("after 2026-06-10")));
}

#[test]
fn faults_are_named() {
    let mut twice = calendar();
    twice.meetings.push(twice.meetings[0].clone());
    assert_eq!(twice.check(), Err(CalendarError::Twice("p2".into())));
    let mut back = calendar();
    back.meetings[0].end = d("2026-05-01");
    assert_eq!(back.check(), Err(CalendarError::Backwards("p2".into())));
    let mut empty = calendar();
    empty.rules[0].days = 0;
    assert_eq!(empty.check(), Err(CalendarError::EmptyRule("contribution".into())));
}

#[test]
fn a_date_without_a_source_is_refused() {
    let text = r#"{"schema":1,"home":"X","meeting":[{"id":"a","kind":"plenary","start":"2027-01-01","end":"2027-01-02","status":"planned","source":" "}]}"#;
    assert!(serde_json::from_str::<Calendar>(text).is_err());
    assert!(serde_json::from_str::<Calendar>(&text.replace(",\"source\":\" \"", "")).is_err());
    assert!(serde_json::from_str::<Calendar>(&text.replace("\" \"", "\"COL 1/17\"")).is_ok());
}
