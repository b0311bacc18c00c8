//! Names of months and days in English, French, Spanish and German, full and shortened.

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
        _ => return None,
    })
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
        assert_eq!(month("Mon"), None);
        assert!(is_weekday("Miércoles") && !is_weekday("June"));
    }
}
