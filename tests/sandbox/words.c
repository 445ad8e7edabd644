/* SPDX-License-Identifier: MIT */
#include "words.h"

const char *const words_adjectives[64] = {
    "Silent",    "Golden",   "Crimson",  "Hidden",   "Broken",   "Endless",   "Forgotten",
    "Burning",   "Distant",  "Hollow",   "Silver",   "Restless", "Bitter",    "Wild",
    "Frozen",    "Lonely",   "Electric", "Velvet",   "Quiet",    "Savage",    "Paper",
    "Midnight",  "Northern", "Borrowed", "Secret",   "Empty",    "Careless",  "Ancient",
    "Invisible", "Gentle",   "Reckless", "Sleeping", "Scarlet",  "Wandering", "Stolen",
    "Perfect",   "Brave",    "Strange",  "Pale",     "Faithful", "Drowned",   "Crooked",
    "Shining",   "Second",   "Final",    "Honest",   "Little",   "Lost",      "Iron",
    "Wooden",    "Emerald",  "Tender",   "Foreign",  "Foolish",  "Blind",     "Sunken",
    "Winter",    "Summer",   "Guilty",   "Humble",   "Rising",   "Falling",   "Sacred",
    "Unspoken",
};

const char *const words_nouns[120] = {
    "River",      "Garden",    "Letter",   "House",   "Mountain",  "Shadow",   "Station",
    "Lighthouse", "Bridge",    "Orchard",  "Winter",  "Summer",    "Harbour",  "Mirror",
    "Clock",      "Train",     "Piano",    "Storm",   "Desert",    "Island",   "Voyage",
    "Promise",    "Witness",   "Stranger", "Painter", "Dancer",    "Soldier",  "Widow",
    "Orphan",     "Captain",   "Thief",    "Doctor",  "Teacher",   "Sailor",   "Gambler",
    "Baker",      "Detective", "Fox",      "Wolf",    "Raven",     "Sparrow",  "Horse",
    "Tiger",      "Whale",     "Crow",     "Machine", "Engine",    "Signal",   "Satellite",
    "Comet",      "Planet",    "Moon",     "Star",    "Eclipse",   "Horizon",  "Meadow",
    "Valley",     "Canyon",    "Forest",   "Lake",    "Ocean",     "Tide",     "Anchor",
    "Compass",    "Map",       "Lantern",  "Candle",  "Fire",      "Ember",    "Ash",
    "Snow",       "Rain",      "Thunder",  "Wind",    "Cloud",     "Kingdom",  "Crown",
    "Castle",     "Tower",     "Dungeon",  "Gate",    "Key",       "Door",     "Window",
    "Stair",      "Cellar",    "Attic",    "Kitchen", "Market",    "Carnival", "Circus",
    "Theatre",    "Orchestra", "Song",     "Melody",  "Silence",   "Echo",     "Whisper",
    "Secret",     "Lie",       "Truth",    "Dream",   "Nightmare", "Memory",   "Photograph",
    "Portrait",   "Diary",     "Novel",    "Chapter", "Riddle",    "Puzzle",   "Game",
    "Wager",      "Heist",     "Escape",   "Pursuit", "Trial",     "Verdict",  "Wedding",
    "Funeral",
};

const char *const words_verbs[16] = {
    "returns", "sleeps", "burns", "sings", "falls",    "breaks",    "wakes",  "waits",
    "calls",   "turns",  "sinks", "rises", "vanishes", "remembers", "dances", "answers",
};

const char *const words_places[48] = {
    "Lisbon",  "Vienna",  "Marseille", "Havana",   "Tangier",    "Prague",   "Kyoto",    "Naples",
    "Dublin",  "Bergen",  "Odessa",    "Trieste",  "Cairo",      "Bombay",   "Shanghai", "Manila",
    "Quito",   "Bogota",  "Lima",      "Santiago", "Montevideo", "Winnipeg", "Halifax",  "Savannah",
    "Memphis", "Tucson",  "Reno",      "Omaha",    "Duluth",     "Boston",   "Brooklyn", "Chicago",
    "Galway",  "Glasgow", "Leeds",     "Cardiff",  "Ghent",      "Antwerp",  "Bruges",   "Basel",
    "Zurich",  "Turin",   "Genoa",     "Seville",  "Porto",      "Athens",   "Ankara",   "Tbilisi",
};

const char *const words_subtitles[16] = {
    "The Return",       "The Beginning", "A Love Story",     "The Untold Story",
    "Redemption",       "Part Two",      "Reckoning",        "The Movie",
    "No Way Home",      "Origins",       "The Last Chapter", "Afterlife",
    "A Christmas Tale", "Uprising",      "Legacy",           "The Long Night",
};

const char *const words_first_names[64] = {
    "Anna",    "Ben",    "Clara", "David", "Elena", "Felix",  "Greta",  "Hugo",  "Ines",   "Jonas",
    "Karla",   "Leo",    "Maria", "Nils",  "Olga",  "Paul",   "Rosa",   "Simon", "Tilda",  "Viktor",
    "Wanda",   "Xavier", "Yara",  "Zoe",   "Amir",  "Bruno",  "Carmen", "Diego", "Esther", "Farid",
    "Gloria",  "Hassan", "Irene", "Jakub", "Keiko", "Lars",   "Mei",    "Noah",  "Otis",   "Priya",
    "Quentin", "Rafael", "Sofia", "Tomas", "Ulla",  "Vera",   "Walter", "Yusuf", "Adele",  "Boris",
    "Celia",   "Dmitri", "Edith", "Frank", "Gina",  "Henrik", "Iris",   "Jorge", "Kemal",  "Lucia",
    "Marek",   "Nadia",  "Oscar", "Petra",
};

const char *const words_last_names[80] = {
    "Adler",  "Bianchi",  "Castro", "Dubois", "Eriksen",  "Fischer", "Garcia", "Hansen",  "Ivanov",
    "Jansen", "Kowalski", "Larsen", "Moreau", "Nakamura", "Okafor",  "Petrov", "Quinn",   "Rossi",
    "Silva",  "Tanaka",   "Ullman", "Varga",  "Weber",    "Xu",      "Yilmaz", "Zimmer",  "Abbott",
    "Barros", "Chen",     "Dvorak", "Engel",  "Ferreira", "Grant",   "Holm",   "Ito",     "Jones",
    "Kim",    "Lopez",    "Murphy", "Novak",  "Ortega",   "Park",    "Reyes",  "Schmidt", "Torres",
    "Uchida", "Vogel",    "Walsh",  "Young",  "Zhang",    "Archer",  "Bell",   "Cruz",    "Doyle",
    "Egan",   "Frost",    "Gould",  "Hayes",  "Ingram",   "Jacobs",  "Kerr",   "Lane",    "Marsh",
    "Nash",   "Owens",    "Pratt",  "Reed",   "Sloan",    "Todd",    "Usher",  "Vance",   "West",
    "Yates",  "Zeller",   "Baum",   "Clark",  "Drake",    "Ellis",   "Flynn",  "Gray",
};

const char *const words_jobs[24] = {
    "a retired detective",    "a young cellist",       "a lighthouse keeper", "a night nurse",
    "a disgraced journalist", "a travelling salesman", "a clockmaker",        "a widowed farmer",
    "a rookie pilot",         "an ambitious lawyer",   "a street magician",   "a marine biologist",
    "a forger of paintings",  "a small-town sheriff",  "a struggling writer", "an insurance clerk",
    "a former boxer",         "a train conductor",     "a language teacher",  "a shy librarian",
    "a war photographer",     "a stage actress",       "a deaf watchman",     "a radio operator",
};

const char *const words_openings[8] = {
    "$1, $2 from $3, finds a letter that was never meant to be read.",
    "When $1, $2, comes back to $3 after twenty years, nobody seems to remember the past the same "
    "way.",
    "In $3, $1 - $2 - takes a job that no one else wanted.",
    "$1 is $2 with one rule: never go back to $3.",
    "A storm strands $1, $2, in $3 with five strangers.",
    "Everyone in $3 knows $1, $2, but no one knows the truth.",
    "On the last night of the year, $1, $2, misses the train to $3.",
    "After a chance meeting in $3, $1, $2, inherits a debt.",
};

const char *const words_middles[12] = {
    "What begins as a favour soon turns into a chase across the city, and old friends prove to be "
    "dangerous company.",
    "As winter closes in, the two of them must decide how much of the truth they can live with.",
    "But the house has its own plans, and every door leads further down.",
    "With only three days left and the police one step behind, there is no room for another "
    "mistake.",
    "A rival appears, then a child, then a dog, and none of them will leave.",
    "The search leads through markets, monasteries and a very bad hotel.",
    "Meanwhile a journalist notices that the numbers do not add up.",
    "The family closes ranks, and the past comes up the stairs.",
    "The more people help, the worse it gets.",
    "Together they plan the smallest robbery in history.",
    "What follows is a summer nobody in town will forget.",
    "Against all advice an unlikely friendship begins.",
};

const char *const words_endings[12] = {
    "In the end it is a piece of music that gives everything away.",
    "Only one of them will see the morning.",
    "The truth turns out to be smaller, and sadder, than anyone had thought.",
    "And then the telephone rings again.",
    "Based on a true story that never happened.",
    "To save the town, a promise has to be broken.",
    "Love arrives late, but it arrives.",
    "Nobody is innocent, least of all the cat.",
    "The answer was in the photograph from the beginning.",
    "It all comes down to a single card.",
    "A quiet film about a loud decision.",
    "When the snow melts, the river gives back what it took.",
};

const char *const words_taglines[12] = {
    "Some doors should stay closed.",
    "Nobody leaves twice.",
    "The past always pays.",
    "One night. One chance. One dog.",
    "Trust the rain.",
    "Every secret has a price.",
    "They came for the music.",
    "Home is where the trouble starts.",
    "Run slower.",
    "The truth takes the night train.",
    "Love is a wager.",
    "Listen closely.",
};

const char *const words_keywords[32] = {
    "revenge",       "small town",    "friendship",    "road trip",    "based on novel or book",
    "murder",        "dystopia",      "time travel",   "world war ii", "prison",
    "ghost",         "robbery",       "boxing",        "sea voyage",   "lighthouse",
    "jealousy",      "blackmail",     "amnesia",       "train",        "circus",
    "orphan",        "detective",     "haunted house", "space",        "robot",
    "love triangle", "single parent", "winter",        "theatre",      "chess",
    "smuggling",     "island",
};

const char *const words_unreleased[4] = {
    "Planned",
    "In Production",
    "Post Production",
    "Rumored",
};

const char *const words_countries[12] = {
    "US", "GB", "DE", "FR", "ES", "IT", "JP", "KR", "BR", "CA", "MX", "SE",
};

const struct words_foreign words_foreign[6] = {
    { "ja", "$1と$2", { "影", "庭", "手紙", "海", "雪", "駅", "約束", "夜" } },
    { "ko", "$1의 $2", { "바다", "겨울", "비밀", "그림자", "약속", "도시", "여름", "꿈" } },
    { "ru", "$1 и $2", { "Тень", "Река", "Письмо", "Море", "Сон", "Город", "Тайна", "Зима" } },
    { "fr",
      "Le $1 et le $2",
      { "jardin", "secret", "silence", "miroir", "fleuve", "train", "rêve", "château" } },
    { "es",
      "El $1 del $2",
      { "jardín", "secreto", "viento", "mar", "sueño", "tren", "río", "silencio" } },
    { "zh", "$1與$2", { "影子", "花園", "海洋", "秘密", "冬天", "夢", "火車", "城市" } },
};

const struct words_job words_crew[14] = {
    { "Director", "Directing" },
    { "Screenplay", "Writing" },
    { "Writer", "Writing" },
    { "Producer", "Production" },
    { "Executive Producer", "Production" },
    { "Director of Photography", "Camera" },
    { "Editor", "Editing" },
    { "Original Music Composer", "Sound" },
    { "Sound Designer", "Sound" },
    { "Production Design", "Art" },
    { "Set Decoration", "Art" },
    { "Costume Design", "Costume & Make-Up" },
    { "Visual Effects Supervisor", "Visual Effects" },
    { "Casting", "Production" },
};

const struct words_tongue words_tongues[] = {
    { "de", "DE", "$1: Das Geheimnis",
      "Ein Film über das, was in $2 geschah, als niemand hinsah. „$1“ erzählt von Freundschaft, "
      "Schuld und einem langen Winter." },
    { "fr", "FR", "Le Mystère $1",
      "À $2, tout le monde croit connaître la vérité. Une histoire d’amitié, de faute et d’un très "
      "long hiver." },
    { "es", "ES", "El misterio $1",
      "En $2 todos creen conocer la verdad. Una historia de amistad, culpa y un invierno muy "
      "largo." },
    { "es", "MX", "El secreto de $1",
      "Una noche en $2 lo cambia todo, y nadie quiere recordar por qué." },
    { "pt", "BR", "O Mistério $1",
      "Em $2, todos acham que sabem a verdade. Uma história de amizade, culpa e um inverno sem "
      "fim." },
    { "pt", "PT", "O Segredo $1",
      "Em $2 ninguém esquece aquele verão, mas cada um o recorda à sua maneira." },
    { "it", "IT", "Il mistero $1",
      "A $2 tutti credono di sapere la verità. Una storia di amicizia, colpa e un inverno "
      "lunghissimo." },
    { "ja", "JP", "$1の謎",
      "$2で起きたことを、誰もが違う形で覚えている。友情と罪、そして長い冬の物語。" },
    { "ko", "KR", "$1의 비밀",
      "$2에서 일어난 일을 모두가 다르게 기억한다. 우정과 죄책감, 그리고 긴 겨울의 이야기." },
    { "ru", "RU", "Тайна $1",
      "В городе $2 все уверены, что знают правду. История о дружбе, вине и очень долгой зиме." },
    { "zh", "CN", "$1之谜",
      "在$2，每个人都以为自己知道真相。一个关于友谊、愧疚与漫长冬天的故事。" },
    { "pl", "PL", "Tajemnica $1",
      "W $2 wszyscy myślą, że znają prawdę. Opowieść o przyjaźni, winie i długiej zimie." },
    { "tr", "TR", "$1 Sırrı",
      "$2 kentinde herkes gerçeği bildiğini sanıyor. Dostluk, suçluluk ve uzun bir kış üzerine bir "
      "hikâye." },
    { "sv", "SE", "$1: Hemligheten",
      "I $2 tror alla att de vet sanningen. En berättelse om vänskap, skuld och en lång vinter." },
    { "cs", "CZ", "Tajemství $1",
      "V $2 si všichni myslí, že znají pravdu. Příběh o přátelství, vině a dlouhé zimě." },
    { "uk", "UA", "Таємниця $1",
      "У $2 кожен певен, що знає правду. Історія про дружбу, провину й довгу зиму." },
    { "ar", "SA", "سر $1",
      "في $2 يظن الجميع أنهم يعرفون الحقيقة. قصة عن الصداقة والذنب وشتاء طويل." },
    { "he", "IL", "התעלומה $1",
      "ב-$2 כולם בטוחים שהם יודעים את האמת. סיפור על חברות, אשמה וחורף ארוך." },
};
const size_t n_words_tongues = sizeof(words_tongues) / sizeof(words_tongues[0]);

const uint32_t words_genres[] = { 18, 35,    53,  99,   27, 10749, 28,    80, 16,   10751,
                                  12, 10402, 878, 9648, 14, 36,    10752, 37, 10770 };
const size_t n_words_genres = sizeof(words_genres) / sizeof(words_genres[0]);
