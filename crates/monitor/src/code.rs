//! The stable codes of errors. `docs/reference.md` lists them; a test holds the list against this file.

use crate::exit::Exit;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $exit:ident, $remedy:literal;)*) => {
        /// What kind of error it is. A code is never given to another meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Code {
            $($(#[doc = $doc])+ $name,)*
        }

        impl Code {
            /// All codes in order.
            pub(crate) const ALL: &[Code] = &[$(Code::$name),*];

            /// As it is printed: `M103`.
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code),* }
            }

            /// What it means, in one sentence.
            pub(crate) fn meaning(self) -> &'static str {
                match self { $(Code::$name => concat!($($doc),+)),* }.trim()
            }

            /// What to do, where the error itself says nothing better.
            pub(crate) fn remedy(self) -> &'static str {
                match self { $(Code::$name => $remedy),* }
            }

            /// How a command that meets it ends.
            pub(crate) fn exit(self) -> Exit {
                match self { $(Code::$name => Exit::$exit),* }
            }
        }
    };
}

codes! {
    /// The command line is not understood.
    CommandLine = "M001", Usage, "`monitor COMMAND --help` shows what may be typed, with examples";
    /// An option has a value that it does not take.
    Value = "M002", Usage, "`monitor COMMAND --help` shows which values an option takes";
    /// No source, pattern or body has this name.
    NoSource = "M003", Usage, "`monitor doctor` lists the sources";
    /// No document has this key or number.
    NoDocument = "M004", Usage, "`monitor search` finds keys";
    /// A filter or view names something that the configuration does not have.
    NoName = "M005", Usage, "`monitor list --facets` shows what there is; views stand in data/views.toml";
    /// No edition has this name or form.
    NoEdition = "M006", Usage, "data/editions.toml has the names; `monitor send --status` lists the editions that were made";
    /// A file that the command line names cannot be read or is not of its kind.
    Input = "M007", Usage, "look at the path and at who may read it; - stands for standard input";
    /// A question cannot be read.
    Question = "M008", Usage, "docs/guide.md, “Searching”, has the language of a question";
    /// Something would be overwritten.
    Standing = "M009", Usage, "choose an empty folder";
    /// What was asked for cannot be done in this way.
    Asked = "M010", Usage, "`monitor COMMAND --help` has examples";
    /// The folder has no store yet.
    NoStore = "M011", Usage, "`monitor fetch` or `monitor import` makes a store; --store names another";
    /// A file or folder cannot be written.
    Output = "M012", Usage, "name a folder that this user may write to";
    /// A configuration file cannot be read.
    Unreadable = "M101", Usage, "look at the path and at who may read it; `monitor init` writes a starter set";
    /// A configuration file is no TOML.
    Toml = "M102", Usage, "mend what stands at the place: a quote, a bracket or an equals sign is missing, or a key stands twice";
    /// A key is not known.
    Key = "M103", Usage, "docs/reference.md, “Files”, says where each file's keys are listed";
    /// A word is none of the few that may stand there.
    Word = "M104", Usage, "write one of the known words";
    /// A key is missing.
    Missing = "M105", Usage, "add the key";
    /// A value is of the wrong kind.
    Kind = "M106", Usage, "write a value of the kind that is expected: text in quotes, numbers and true or false without, lists in brackets";
    /// A file says that it is written by another grammar.
    Schema = "M107", Usage, "write schema = 1; a newer monitor may have written the file";
    /// A value cannot be used.
    Unusable = "M108", Usage, "write a value as the message says";
    /// Nobody is named who asks.
    Agent = "M201", Usage, "add [agent] with name = \"…\" and contact = \"https://… or a mail address\" to sources.toml";
    /// A source is declared twice.
    SourceTwice = "M202", Usage, "an id stands only once, over all files: rename one of the two, or take it out";
    /// A source says not who is watched, or where.
    Whom = "M203", Usage, "add body = \"…\" and url = \"https://…\"; kind = \"none\" is for what is known but not watched";
    /// An included file is not there or may not say this.
    Include = "M204", Usage, "a pattern such as \"sources.d/*.toml\" may match nothing; a file that is named must be there";
    /// A source's declaration cannot work: a selector, a path, a pipe, a contract.
    Declaration = "M205", Usage, "docs/sources.md has the grammar; `monitor test --source ID` shows what a source yields";
    /// bodies.toml contradicts itself or names what is not there.
    Bodies = "M301", Usage, "the head of data/bodies.toml says what may stand in it";
    /// A table of numbers cannot work.
    Numbers = "M302", Usage, "the head of data/bodies.toml has the grammar of [[body.number]]";
    /// An example of a table of numbers gives another key.
    Example = "M303", Usage, "mend the pattern, or the example if it is wrong";
    /// `[home]` names a topic, body or Question that is not there.
    Home = "M304", Usage, "write an id of topics.toml, of a [[body]] or of [[home.questions]]";
    /// topics.toml contradicts itself or names what is not there.
    Topics = "M401", Usage, "`monitor check --terms` lists all notes on terms; CONTRIBUTING.md, “Add a topic”";
    /// The terms or the learnt weights cannot be used.
    Weights = "M402", Usage, "take weights.toml out of the folder to use the one that is built in, or learn it again (CONTRIBUTING.md)";
    /// A date or rule of calendar.toml cannot be used.
    Calendar = "M501", Usage, "the head of data/calendar.toml says how a meeting is written, each date with its source";
    /// An edition, its channel or its mail server is not as it should be.
    Edition = "M601", Usage, "the remarks in data/editions.toml show each form; docs/operations.md, “Mail”, has channels";
    /// An edition names a topic, body, Question or view that is not there.
    EditionName = "M602", Usage, "write a name that topics.toml, bodies.toml or views.toml has";
    /// A saved view is not as it should be.
    View = "M603", Usage, "docs/guide.md, “Searching”, has the language of a question";
    /// A template cannot be read, or asks for what an edition does not have.
    Template = "M701", Usage, "mend it at the place, or delete the file to use the one that is built in";
    /// A template has a name that nothing asks for.
    TemplateName = "M702", Usage, "give it a name of `monitor init`'s templates, or one that begins with _ for a part";
    /// Another run holds the store.
    Locked = "M801", Locked, "wait until it has ended, or use --wait=30m";
    /// The store has lost something.
    Lost = "M802", Internal, "put the folder `journal` back from a copy, or accept the loss with `monitor store rebuild`";
    /// The store is damaged.
    Damaged = "M803", Internal, "`monitor store verify`, then `monitor store rebuild`";
    /// This user may not read or write the store.
    Denied = "M804", Internal, "run it as the owner of the folder, or give this user the right";
    /// There is no room.
    Full = "M805", Internal, "make room (disk, quota, `ulimit -f`), then repeat the command";
    /// The system refused.
    System = "M806", Internal, "the message has the system's own words; nothing is repaired behind your back";
    /// A newer program wrote the store.
    Newer = "M807", Internal, "use the newer program, or its `monitor store export` and this one's `monitor store import`";
    /// An edition that is frozen would be changed.
    Frozen = "M808", Usage, "make an edition with another name";
    /// An import wants an empty store.
    NotEmpty = "M809", Usage, "name an empty folder with --store";
    /// An export cannot be read.
    Export = "M810", Usage, "take another copy of the export; nothing was imported";
    /// No answer could be had or used.
    Fetch = "M901", AllFailed, "look at the address in a browser; docs/troubleshooting.md, “By status of a source”";
    /// An archive cannot be read or written.
    Archive = "M902", Usage, "name a .warc or .warc.gz file";
    /// A delivery failed.
    Delivery = "M903", Delivery, "`monitor send --status` lists what is open; `monitor send --due` tries again";
    /// A page holds no list that a source could be made of.
    NoList = "M904", Contract, "docs/sources.md says what can be read; look for a feed or an interface of the same body";
    /// No host could be reached.
    Unreached = "M905", AllFailed, "look at the network, the name server and a firewall on this machine: it is not the sources; --replay FILE.warc.gz works without a network";
    /// A fault inside monitor.
    Internal = "M999", Internal, "please report it with what you typed";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_given_once_and_in_order() {
        let codes: Vec<&str> = Code::ALL.iter().map(|c| c.as_str()).collect();
        let mut sorted = codes.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(codes, sorted);
        assert!(Code::ALL.iter().all(|c| !c.remedy().is_empty() && c.meaning().ends_with('.')));
    }

    #[test]
    fn the_reference_lists_every_code_as_it_is() {
        let page = include_str!("../../../docs/reference.md");
        let listed: Vec<&str> = page.lines().filter(|l| l.starts_with("| M")).collect();
        let ours: Vec<String> = Code::ALL
            .iter()
            .map(|c| format!("| {} | {} | {} | {} |", c.as_str(), c.exit() as u8, c.meaning().trim_end_matches('.'), c.remedy()))
            .collect();
        assert_eq!(listed, ours, "docs/reference.md, “Error codes”, should be:\n{}", ours.join("\n"));
    }
}
