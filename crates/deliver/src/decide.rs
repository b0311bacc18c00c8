//! What the ledger's last line allows.

use jiff::SignedDuration;
use monitor_model::{Delivery, DeliveryState, Timestamp};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Nobody in particular: a timer. What was refused for now waits for its time, what was refused for good waits for a person.
    Timer,
    /// A person, who wants what was refused to be tried again now.
    Person,
    /// A person who wants exactly this again, even if it has arrived.
    Again,
}

/// What would be done for one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// It would be handed over.
    Send,
    /// It was.
    Done,
    /// It was refused for now, and is tried again from then on.
    Wait(Timestamp),
    /// Only a person can decide: it was refused for good, or it may have arrived.
    Hold {
        /// Whether it may have arrived.
        uncertain: bool,
    },
}

/// The longest wait between two tries.
const LONGEST: i64 = 24 * 60;

/// When what was refused for now after so many tries is tried again: a quarter of an hour, doubled each time, at most a day.
pub(crate) fn retry_at(at: Timestamp, attempts: u32) -> Timestamp {
    let minutes = 15i64.saturating_mul(1 << attempts.saturating_sub(1).min(10)).min(LONGEST);
    at.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(Timestamp::MAX)
}

/// What to do, by the last line for this recipient.
pub(crate) fn decide(last: Option<&Delivery>, idempotent: bool, order: Order, at: Timestamp) -> Plan {
    let Some(last) = last else { return Plan::Send };
    if order == Order::Again {
        return Plan::Send;
    }
    match last.state {
        DeliveryState::Intended => Plan::Send,
        DeliveryState::Delivered => Plan::Done,
        // The run that wrote this line died before it wrote the next.
        DeliveryState::Sending | DeliveryState::Uncertain if !idempotent => Plan::Hold { uncertain: true },
        DeliveryState::Sending | DeliveryState::Uncertain => Plan::Send,
        DeliveryState::Refused if order == Order::Person || idempotent => Plan::Send,
        DeliveryState::Refused => match last.retry_at {
            Some(t) if t > at => Plan::Wait(t),
            Some(_) => Plan::Send,
            None => Plan::Hold { uncertain: false },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(state: DeliveryState, retry: Option<&str>) -> Delivery {
        let at: Timestamp = "2026-11-01T00:00:00Z".parse().expect("a time");
        Delivery {
            edition: "e".into(),
            channel: "smtp".into(),
            recipient: "a@b.c".into(),
            state,
            at,
            hash: String::new(),
            note: String::new(),
            attempts: 1,
            code: None,
            retry_at: retry.map(|t| t.parse().expect("a time")),
        }
    }

    #[test]
    fn the_table_of_decisions() {
        use DeliveryState::{Delivered, Intended, Refused, Sending, Uncertain};
        let now: Timestamp = "2026-11-01T12:00:00Z".parse().expect("a time");
        let (early, late) = ("2026-11-01T11:00:00Z", "2026-11-01T13:00:00Z");
        let wait = Plan::Wait(late.parse().expect("a time"));
        let (held, doubt) = (Plan::Hold { uncertain: false }, Plan::Hold { uncertain: true });
        for (state, retry, timer, person) in [
            (Intended, None, Plan::Send, Plan::Send),
            (Delivered, None, Plan::Done, Plan::Done),
            (Sending, None, doubt.clone(), doubt.clone()),
            (Uncertain, None, doubt.clone(), doubt),
            (Refused, None, held, Plan::Send),
            (Refused, Some(early), Plan::Send, Plan::Send),
            (Refused, Some(late), wait, Plan::Send),
        ] {
            let l = line(state, retry);
            assert_eq!(decide(Some(&l), false, Order::Timer, now), timer, "{state:?} {retry:?}");
            assert_eq!(decide(Some(&l), false, Order::Person, now), person, "{state:?} {retry:?}");
            assert_eq!(decide(Some(&l), false, Order::Again, now), Plan::Send);
            let folder = decide(Some(&l), true, Order::Timer, now);
            assert_eq!(folder, if state == Delivered { Plan::Done } else { Plan::Send }, "a folder takes the same bytes twice");
        }
        assert_eq!(decide(None, false, Order::Timer, now), Plan::Send);
    }

    #[test]
    fn waits_grow_to_a_day_and_stay_there() {
        let at: Timestamp = "2026-11-01T00:00:00Z".parse().expect("a time");
        let minutes: Vec<i64> = [1, 2, 3, 8, 100, u32::MAX].map(|n| retry_at(at, n).duration_since(at).as_mins()).to_vec();
        assert_eq!(minutes, [15, 30, 60, 1440, 1440, 1440]);
        assert_eq!(retry_at(Timestamp::MAX, 3), Timestamp::MAX);
    }
}
