//! Names of months and days in English, French, Spanish and German, full and shortened; of months also in Russian, Arabic, Italian,
//! Portuguese and Dutch, and in Roman numbers.

/// The month (1-12) of a name; case, a final dot and accents do not count.
pub(crate) fn month(name: &str) -> Option<i8> {
    let n = fold(name);
    Some(match n.as_str() {
        "jan" | "january" | "janvier" | "janv" | "enero" | "ene" | "januar" | "jaenner" | "janner" => 1,
        "feb" | "february" | "fevrier" | "fevr" | "fev" | "febrero" | "februar" | "feber" => 2,
        "mar" | "march" | "mars" | "marzo" | "marz" | "maerz" | "mrz" => 3,
        "apr" | "april" | "avril" | "avr" | "abril" | "abr" => 4,
        "may" | "mai" | "mayo" => 5,
        "jun" | "june" | "juin" | "junio" | "juni" => 6,
        "jul" | "july" | "juillet" | "juil" | "julio" | "juli" => 7,
        "aug" | "august" | "aout" | "agosto" | "ago" => 8,
        "sep" | "sept" | "september" | "septembre" | "septiembre" | "setiembre" => 9,
        "oct" | "october" | "octobre" | "octubre" | "oktober" | "okt" => 10,
        "nov" | "november" | "novembre" | "noviembre" => 11,
        "dec" | "december" | "decembre" | "diciembre" | "dic" | "dezember" | "dez" => 12,
        _ => return of_more_languages(&n),
    })
}

/// Full names, and what is short and cannot be a word of a title.
fn of_more_languages(n: &str) -> Option<i8> {
    Some(match n {
        "января" | "январь" | "янв" | "يناير" | "gennaio" | "janeiro" | "januari" => 1,
        "февраля" | "февраль" | "фев" | "فبراير" | "febbraio" | "fevereiro" | "februari" => 2,
        "марта" | "март" | "مارس" | "marco" | "março" | "maart" => 3,
        "апреля" | "апрель" | "апр" | "أبريل" | "ابريل" | "aprile" => 4,
        "мая" | "май" | "مايو" | "maggio" | "maio" | "mei" => 5,
        "июня" | "июнь" | "يونيو" | "giugno" | "junho" => 6,
        "июля" | "июль" | "يوليو" | "luglio" | "julho" => 7,
        "августа" | "август" | "авг" | "أغسطس" | "اغسطس" | "augustus" => 8,
        "сентября" | "сентябрь" | "сен" | "سبتمبر" | "settembre" | "setembro" => 9,
        "октября" | "октябрь" | "окт" | "أكتوبر" | "اكتوبر" | "ottobre" | "outubro" => 10,
        "ноября" | "ноябрь" | "ноя" | "نوفمبر" | "novembro" => 11,
        "декабря" | "декабрь" | "дек" | "ديسمبر" | "dicembre" | "dezembro" => 12,
        _ => return None,
    })
}

/// The month of a Roman number: only between a day and a year is it one.
pub(crate) fn roman(word: &str) -> Option<i8> {
    ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"].iter().position(|r| *r == word).map(|n| n as i8 + 1)
}

/// Whether this is the name of a day of the week.
pub(crate) fn is_weekday(name: &str) -> bool {
    matches!(
        fold(name).as_str(),
        "mon"
            | "monday"
            | "tue"
            | "tues"
            | "tuesday"
            | "wed"
            | "weds"
            | "wednesday"
            | "thu"
            | "thur"
            | "thurs"
            | "thursday"
            | "fri"
            | "friday"
            | "sat"
            | "saturday"
            | "sun"
            | "sunday"
            | "lun"
            | "lundi"
            | "lunes"
            | "mardi"
            | "martes"
            | "mer"
            | "mercredi"
            | "miercoles"
            | "mie"
            | "jeu"
            | "jeudi"
            | "jueves"
            | "jue"
            | "ven"
            | "vendredi"
            | "viernes"
            | "vie"
            | "sam"
            | "samedi"
            | "sabado"
            | "sab"
            | "dim"
            | "dimanche"
            | "domingo"
            | "dom"
            | "montag"
            | "dienstag"
            | "mittwoch"
            | "donnerstag"
            | "freitag"
            | "samstag"
            | "sonnabend"
            | "sonntag"
            | "mo"
            | "di"
            | "mi"
            | "do"
            | "fr"
            | "sa"
            | "so"
    )
}

/// Lower case, without accents and a final dot.
fn fold(name: &str) -> String {
    name.trim_end_matches('.')
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'é' | 'è' | 'ê' => 'e',
            'á' | 'à' | 'â' | 'ä' => 'a',
            'û' | 'ú' | 'ù' | 'ü' => 'u',
            'í' | 'î' => 'i',
            'ó' | 'ô' => 'o',
            c => c,
        })
        .filter(|c| *c != '\u{301}' && *c != '\u{302}' && *c != '\u{308}')
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_languages() {
        for (name, want) in [
            ("Sept.", 9),
            ("AOÛT", 8),
            ("März", 3),
            ("Jänner", 1),
            ("févr.", 2),
            ("diciembre", 12),
            ("Mai", 5),
            ("juillet", 7),
            ("De\u{301}cembre", 12),
        ] {
            assert_eq!(month(name), Some(want), "{name}");
        }
        for (name, want) in [("ноября", 11), ("мая", 5), ("أكتوبر", 10), ("settembre", 9), ("março", 3), ("mei", 5)] {
            assert_eq!(month(name), Some(want), "{name}");
        }
        assert_eq!((month("XI"), roman("xi"), roman("xiv")), (None, Some(11), None));
        assert_eq!(month("Mon"), None);
        assert!(is_weekday("Miércoles") && !is_weekday("June"));
    }
}
