//! Words around names in bylines, in the comparable form of [`key`](super::super::text::key).
//!
//! Word lists are laid out by hand: many short words a line.

/// What may stand before a name: "By", "Written by", "Von".
#[rustfmt::skip]
pub(super) const INTRODUCTIONS: &[&str] = &[
    "by", "written", "posted", "published", "words", "story", "text", "author", "authors", "autor",
    "autorin", "autoren", "autora", "autore", "autori", "auteur", "auteurs", "von", "vom", "por", "par",
    "di", "da", "door", "av", "af", "przez", "od", "tekst", "kirjoittanut", "reported", "from", "cura",
    "yazan", "автор", "текст", "contributed", "submitted", "medically", "reviewed", "redaktor", "forfatter",
    "skribent", "reporter", "penulis", "oleh", "about", "interview", "foto", "photo", "photos",
    "photographs", "geschrieben", "verfasst", "ein", "artikel", "beitrag", "publicado", "escrito", "ecrit",
    "pubblicato", "redige", "propos", "authored", "eingestellt", "themenstarter", "redazione", "napisal",
    "texte",
];

/// What somebody may be: "reporter", "Redakteurin".
#[rustfmt::skip]
pub(super) const ROLES: &[&str] = &[
    "reporter", "reporters", "editor", "editors", "correspondent", "writer", "writers", "journalist",
    "journalists", "columnist", "contributor", "contributors", "producer", "photographer", "author",
    "blogger", "analyst", "critic", "presenter", "anchor", "intern", "researcher", "redakteur",
    "redakteurin", "korrespondent", "korrespondentin", "volontar", "volontarin", "chefredakteur",
    "ressortleiter", "journalistin", "autor", "autorin", "redacteur", "correspondant", "journaliste",
    "periodista", "redactor", "redactora", "corresponsal", "colaborador", "colaboradora", "giornalista",
    "redattore", "jornalista", "dziennikarz", "redaktor", "verslaggever", "redactrice", "chef", "ceo",
    "cto", "cfo", "founder", "cofounder", "president", "director", "manager", "strategist", "specialist",
    "professor", "fellow", "lecturer", "economist", "consultant", "expert", "engineer", "developer",
    "scientist", "head", "officer", "executive", "marketer", "copywriter", "coordinator", "assistant",
    "publisher", "reviewer", "owner", "partner", "leiter", "leiterin", "attorney", "nutritionist",
    "dietitian", "coach", "vp",
];

/// Words that go with roles: "senior", "political".
#[rustfmt::skip]
pub(super) const ROLE_MODIFIERS: &[&str] = &[
    "senior", "junior", "chief", "deputy", "associate", "assistant", "managing", "executive", "staff",
    "special", "political", "politics", "business", "economics", "economy", "sports", "sport", "news",
    "science", "health", "environment", "technology", "tech", "foreign", "national", "international",
    "world", "diplomatic", "defense", "defence", "security", "investigative", "digital", "online", "social",
    "media", "content", "features", "feature", "culture", "arts", "education", "crime", "courts", "legal",
    "royal", "money", "personal", "finance", "financial", "travel", "food", "fashion", "entertainment",
    "lifestyle", "opinion", "european", "europe", "asia", "africa", "middle", "east", "us", "uk", "u", "s",
    "white", "house", "washington", "london", "paris", "berlin", "brussels", "moscow", "beijing", "data",
    "video", "audio", "breaking", "local", "city", "state", "government", "affairs", "general", "guest",
    "contributing", "freelance", "freier", "freie", "the", "and", "for", "of", "at", "in", "to",
    "community", "energy", "climate", "transport", "housing", "religion", "market", "markets", "marketing",
    "product", "research", "principal", "lead", "co", "seo", "assignment", "night",
];

/// Degrees and titles after a name.
#[rustfmt::skip]
pub(super) const CREDENTIALS: &[&str] = &[
    "md", "phd", "dds", "dmd", "rn", "rd", "rdn", "ldn", "cfa", "cpa", "mba", "ma", "ms", "msc", "bsc",
    "ba", "jd", "esq", "dvm", "do", "np", "lcsw", "mph", "cfp", "pa", "mpa", "edd", "psyd", "facp", "facs",
    "faap", "lmft", "cscs", "mscn", "cissp", "pmp", "cae",
];

/// News agencies: authors where nobody else is named.
#[rustfmt::skip]
pub(super) const AGENCIES: &[&str] = &[
    "ap", "associatedpress", "theassociatedpress", "reuters", "afp", "agencefrancepresse", "dpa",
    "deutschepresseagentur", "efe", "agenciaefe", "ansa", "tass", "apa", "sda", "keystonesda", "pap", "ntb",
    "tt", "ritzau", "upi", "pa", "pamedia", "pressassociation", "bloomberg", "sid", "epd", "kna", "afx",
    "europapress", "lusa", "belga", "anp", "xinhua", "kyodo", "kyodonews", "yonhap", "pti", "ani", "ians",
    "interfax", "unian", "ctk", "stt", "aap", "thecanadianpress", "canadianpress",
];

/// What systems put where no author is known, and controls that stand beside a byline.
#[rustfmt::skip]
pub(super) const JUNK: &[&str] = &[
    "", "jr", "sr", "ii", "iii", "admin", "administrator", "null", "undefined", "none", "na", "unknown",
    "author", "authors", "by", "guest", "user", "root", "webmaster", "default", "anonymous", "name",
    "person", "object", "objectobject", "superuser", "siteadmin", "wpadmin", "more", "readmore", "follow",
    "share", "email", "twitter", "facebook", "x", "instagram", "linkedin", "comments", "comment", "print",
    "save", "subscribe", "seeallposts", "viewallposts", "viewprofile", "profile", "bio", "aboutus", "about",
    "contact", "home", "news", "test", "noauthor", "agencies", "agencias", "agenturen", "nachsterbeitrag",
    "vorherigerbeitrag", "meestgelezen", "gettyimages", "gettyimagesistockphoto", "shutterstock", "istock",
    "istockphoto", "imago", "picturealliance", "alamy", "viewallarticles", "allposts", "moreposts",
    "website", "readbio", "fullbio", "authorarchive", "authorpage", "posts", "articles", "latest",
    "opensinnewwindow", "updated", "published", "contributors", "staff", "learnmore", "seemore", "seebio",
    "seefullbio", "viewbio", "authorbio", "abouttheauthor", "abouttheauthors", "minread", "minutesread",
];

/// Of [`STOPS`] those that are family names too, and stand before the given name where they are common.
pub(super) const FAMILY_NAMES: &[&str] = &["le"];

/// Words after which a line tells something else than names.
#[rustfmt::skip]
pub(super) const STOPS: &[&str] = &[
    "updated", "published", "posted", "on", "at", "aktualisiert", "veroffentlicht", "publie", "publicado",
    "pubblicato", "gepubliceerd", "actualizado", "modified", "last", "follow", "share", "email", "read",
    "leave", "comments", "comment", "min", "minutes", "minute", "reviewed", "fact", "edited", "medically",
    "photo", "photos", "foto", "fotos", "am", "um", "le", "el", "is", "has", "was", "ist", "illustration",
    "view", "see", "about", "more", "for", "in", "stand", "lesezeit", "kommentare", "categories",
    "category", "tags", "filed", "under", "january", "february", "march", "april", "june", "july", "august",
    "september", "october", "november", "december",
];

/// Words that join two names, standing alone between them.
#[rustfmt::skip]
pub(super) const CONJUNCTIONS: &[&str] = &[
    "and", "und", "et", "y", "e", "en", "og", "och", "ja", "ve", "with", "mit", "avec", "con", "и", "та",
    "a",
];

/// Small words inside names: "van", "de la".
#[rustfmt::skip]
pub(super) const PARTICLES: &[&str] = &[
    "van", "von", "der", "den", "de", "la", "le", "du", "di", "da", "dos", "das", "do", "del", "della",
    "zu", "zur", "el", "al", "bin", "ibn", "ter", "ten", "af", "av", "y", "e", "of", "the", "for", "and",
    "st", "vom", "zum", "dal", "dalla", "lo", "des", "op", "bint", "abu",
];

/// Words after a name that begin a role: "Ann Lee Senior Autos Reporter".
#[rustfmt::skip]
pub(super) const RANKS: &[&str] = &[
    "senior", "junior", "chief", "deputy", "associate", "managing", "contributing", "freelance", "freelancer",
    "staff",
];

/// Days of the week, short and long, that stand between a name and a date.
#[rustfmt::skip]
pub(super) const WEEKDAYS: &[&str] = &[
    "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "monday", "tuesday", "wednesday",
    "thursday", "friday", "saturday", "sunday", "mo", "di", "mi", "do", "fr", "sa", "so", "montag", "dienstag",
    "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag", "lundi", "mardi", "mercredi",
    "jeudi", "vendredi", "samedi", "dimanche", "lunes", "martes", "miercoles", "jueves", "viernes", "sabado",
    "domingo", "lunedi", "martedi", "mercoledi", "giovedi", "venerdi", "sabato", "domenica",
];
