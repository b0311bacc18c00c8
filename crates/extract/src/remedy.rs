//! What to write instead, where a mistake does not say it itself.

use monitor_model::SourceKind;

/// How a key is written, in one sentence with an example.
pub(crate) fn remedy(key: &str, kind: SourceKind) -> &'static str {
    let bare = key.strip_prefix("detail.").unwrap_or(key);
    match bare.split('.').next().unwrap_or_default() {
        "url" => "write the whole address, e.g. url = \"https://www.example.org/publications\"; a field of the row stands in it as {field}",
        "each" => "put {id} into `url` where each member belongs, e.g. url = \"https://example.org/{id}\"",
        "method" | "form" | "json" | "form_from" => "a GET sends nothing; a POST sends `form`, `json`, or the form that `form_from` finds",
        "headers" => "write e.g. headers = { Accept = \"application/json\" }",
        "container" if kind == SourceKind::Xml => "write the names of the elements that lead there, e.g. \"rss/channel\"",
        "container" => "write the CSS of the node in which the rows stand, e.g. \"table#results\"; kinds list, page and xml have it",
        "item" if kind == SourceKind::Xml => "write the names of the elements that lead to one row, e.g. \"rfc-index/rfc-entry\"",
        "item" => "write the CSS of one row, e.g. item = \"tr:has(td)\"; kinds list and xml have it, json has `items`",
        "items" => "write e.g. items = \"$.standards[*]\"; kind json has it",
        "format" => "leave it out, or write format = \"yaml\" for a document of kind json that is YAML",
        "lines" => "leave it out, or choose kind = \"json\": one object a line",
        "csv" => "write e.g. csv = { delimiter = \";\" } beside kind = \"csv\"",
        "xlsx" => "write e.g. xlsx = { sheet = \"Work plan\", header = 3 } beside kind = \"xlsx\"",
        "enter" => "write e.g. enter = [\"TSGS3_*/Docs\"] beside kind = \"dir\": the folders on the way, parted by /",
        "match" => "write e.g. match = [\"*.zip\"] beside kind = \"dir\"; a final / takes folders",
        "latest" => "write latest = 2 beside `enter` of kind = \"dir\": so many of the newest folders, at least 1",
        "where" => "write e.g. where = 'stage in [\"Published\"] and title matches \"AI\"'; what is compared is a field",
        "identity" | "track" | "volatile" => "name fields that stand under [source.….fields]",
        "page" => "write e.g. page = { param = \"page\", start = 1, max = 20 } or page = { next = \"a[rel=next]@href\", max = 20 }",
        "expect" => "write e.g. expect = { min_items = 20, max_items = 400, fill = { title = 1.0, number = 0.95 }, fresh = \"60d\" }",
        "detail" => {
            "write e.g. [source.….detail] with url = \"https://example.org/{source_key}\", kind = \"page\" and [source.….detail.fields]"
        }
        "kind" => "a detail is read as kind = \"page\", \"json\" or \"xml\"",
        "max" => "write how many rows one run may ask, e.g. max = 50",
        "fields" => of_fields(kind),
        _ => "docs/sources.md says how it is written",
    }
}

fn of_fields(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::List | SourceKind::Page => {
            "write CSS, CSS@attribute or label(\"Status\"), then pipes, e.g. date = 'td.date | date(\"%d/%m/%Y\")'"
        }
        SourceKind::Json => "write the names that lead there, then pipes, e.g. title = 'title.en | text'",
        SourceKind::Xml => "write the names of elements, then pipes, e.g. url = 'link[@rel=\"html\"]@href | absolute'",
        SourceKind::Csv | SourceKind::Xlsx => "write the name of a column, then pipes, e.g. number = 'Spec number | docnum'",
        SourceKind::Feed => "write a word of the feed (title, link, published, summary, id, …), then pipes, e.g. number = 'title | docnum'",
        SourceKind::Dir => "write name, mtime, size or href, then pipes, e.g. date = 'mtime'",
        SourceKind::None => "leave the fields out, or choose a kind that is read",
    }
}
