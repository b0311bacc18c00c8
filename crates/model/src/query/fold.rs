use unicode_normalization::char::decompose_canonical;

/// A text as it is compared: in lower case, without accents, with plain hyphens, blanks and apostrophes.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| one(c, |f| out.push(f)));
    out
}

/// A text in which somebody looks for something, knowing where each of its bytes came from: `İ` and `é` shrink, `ß` may grow.
pub(super) struct Folded {
    pub(super) text: String,
    /// Place of each byte of `text` in the original, and the original's length.
    places: Vec<usize>,
}

impl Folded {
    pub(super) fn new(original: &str) -> Folded {
        let (mut text, mut places) = (String::with_capacity(original.len()), Vec::with_capacity(original.len() + 1));
        for (at, c) in original.char_indices() {
            one(c, |f| text.push(f));
            places.resize(text.len(), at);
        }
        places.push(original.len());
        Folded { text, places }
    }

    pub(super) fn origin(&self, at: usize) -> usize {
        self.places.get(at).copied().unwrap_or_default()
    }

    /// Where the character ends whose byte stands before `at`: half of a character that grew is all of it.
    pub(super) fn end(&self, at: usize) -> usize {
        let last = self.origin(at.saturating_sub(1));
        self.places[at.min(self.places.len())..].iter().copied().find(|p| *p > last).unwrap_or(last)
    }
}

/// What a character is compared as. People type `securite` and `zero-trust`; texts have é, hyphens that do not break, and blanks of all widths.
///
/// `store/read.rs` knows which bytes these characters begin with.
fn one(c: char, mut emit: impl FnMut(char)) {
    match c {
        '\u{a0}' | '\u{202f}' => emit(' '),
        '\u{2010}' | '\u{2011}' => emit('-'),
        '’' => emit('\''),
        '\u{300}'..='\u{36f}' => {}
        'ß' => "ss".chars().for_each(emit),
        'æ' | 'Æ' => "ae".chars().for_each(emit),
        'œ' | 'Œ' => "oe".chars().for_each(emit),
        'ø' | 'Ø' => emit('o'),
        'ł' | 'Ł' => emit('l'),
        'đ' | 'Đ' => emit('d'),
        '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => decompose_canonical(c, |part| {
            if !('\u{300}'..='\u{36f}').contains(&part) {
                part.to_lowercase().for_each(&mut emit);
            }
        }),
        _ => c.to_lowercase().for_each(emit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_hyphens_and_blanks_are_those_of_a_keyboard() {
        assert_eq!(fold("SÉCURITÉ de l’IA"), "securite de l'ia");
        assert_eq!(fold("e\u{301}tude"), fold("ÉTUDE"));
        assert_eq!(fold("zero\u{2011}trust 3\u{a0}GPP"), "zero-trust 3 gpp");
        assert_eq!(fold("Größe Łódź"), "grosse lodz");
        assert_eq!(fold("人工智能 ЗАЩИТА"), "人工智能 защита");
    }

    #[test]
    fn a_place_is_found_again_in_the_original() {
        let text = "İİ Größe e\u{301}tude";
        let folded = Folded::new(text);
        let at = |word: &str| {
            let start = folded.text.find(word).expect("it stands there");
            &text[folded.origin(start)..folded.end(start + word.len())]
        };
        assert_eq!(at("i"), "İ");
        assert_eq!(at("gros"), "Größ");
        assert_eq!(at("etude"), "e\u{301}tude");
    }
}
