/* SPDX-License-Identifier: MIT */
#include "media/genre.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

enum { LANGUAGES = 12, SPELLING_MAX = 40 };

static const char languages[LANGUAGES][3] = { "en", "de", "fr", "es", "pt", "it",
                                              "nl", "pl", "ja", "zh", "ko", "ru" };

/* A genre's place in the table is its bit, and bits are stored: new ones go to the end.  NULL: no
 * name that is certain, English is shown. */
static const struct genre {
    const char *slug;
    const char *names[LANGUAGES];
} genres[] = {
    { "action",
      { "Action", "Action", "Action", "Acción", "Ação", "Azione", "Actie", "Akcja", "アクション",
        "动作", "액션", "боевик" } },
    { "adventure",
      { "Adventure", "Abenteuer", "Aventure", "Aventura", "Aventura", "Avventura", "Avontuur",
        "Przygodowy", "アドベンチャー", "冒险", "모험", "приключения" } },
    { "animation",
      { "Animation", "Animation", "Animation", "Animación", "Animação", "Animazione", "Animatie",
        "Animacja", "アニメーション", "动画", "애니메이션", "мультфильм" } },
    { "comedy",
      { "Comedy", "Komödie", "Comédie", "Comedia", "Comédia", "Commedia", "Komedie", "Komedia",
        "コメディ", "喜剧", "코미디", "комедия" } },
    { "crime",
      { "Crime", "Krimi", "Crime", "Crimen", "Crime", "Crime", "Misdaad", "Kryminał", "犯罪",
        "犯罪", "범죄", "криминал" } },
    { "documentary",
      { "Documentary", "Dokumentarfilm", "Documentaire", "Documental", "Documentário",
        "Documentario", "Documentaire", "Dokumentalny", "ドキュメンタリー", "纪录", "다큐멘터리",
        "документальный" } },
    { "drama",
      { "Drama", "Drama", "Drame", "Drama", "Drama", "Dramma", "Drama", "Dramat", "ドラマ", "剧情",
        "드라마", "драма" } },
    { "family",
      { "Family", "Familie", "Familial", "Familia", "Família", "Famiglia", "Familie", "Familijny",
        "ファミリー", "家庭", "가족", "семейный" } },
    { "fantasy",
      { "Fantasy", "Fantasy", "Fantastique", "Fantasía", "Fantasia", "Fantasy", "Fantasie",
        "Fantasy", "ファンタジー", "奇幻", "판타지", "фэнтези" } },
    { "history",
      { "History", "Historie", "Histoire", "Historia", "História", "Storia", "Historisch",
        "Historyczny", "履歴", "历史", "역사", "история" } },
    { "horror",
      { "Horror", "Horror", "Horreur", "Terror", "Terror", "Horror", "Horror", "Horror", "ホラー",
        "恐怖", "공포", "ужасы" } },
    { "music",
      { "Music", "Musik", "Musique", "Música", "Música", "Musica", "Muziek", "Muzyczny", "音楽",
        "音乐", "음악", "музыка" } },
    { "mystery",
      { "Mystery", "Mystery", "Mystère", "Misterio", "Mistério", "Mistero", "Mysterie", "Tajemnica",
        "謎", "悬疑", "미스터리", "детектив" } },
    { "romance",
      { "Romance", "Liebesfilm", "Romance", "Romance", "Romance", "Romance", "Romantiek", "Romans",
        "ロマンス", "爱情", "로맨스", "мелодрама" } },
    { "science-fiction",
      { "Science Fiction", "Science-Fiction", "Science-Fiction", "Ciencia ficción",
        "Ficção científica", "Fantascienza", "Sciencefiction", "Sci-Fi", "サイエンスフィクション",
        "科幻", "SF", "фантастика" } },
    { "tv-movie",
      { "TV Movie", "TV-Film", "Téléfilm", "Película de TV", "Cinema TV", "televisione film",
        "TV Film", "film TV", "テレビ映画", "电视电影", "TV 영화", "телевизионный фильм" } },
    { "thriller",
      { "Thriller", "Thriller", "Thriller", "Suspense", "Thriller", "Thriller", "Thriller",
        "Thriller", "スリラー", "惊悚", "스릴러", "триллер" } },
    { "war",
      { "War", "Kriegsfilm", "Guerre", "Bélica", "Guerra", "Guerra", "Oorlog", "Wojenny", "戦争",
        "战争", "전쟁", "военный" } },
    { "western",
      { "Western", "Western", "Western", "Western", "Faroeste", "Western", "Western", "Western",
        "西洋", "西部", "서부", "вестерн" } },
    { "kids",
      { "Kids", "Kinder", "Enfants", "Infantil", "Infantil", "Bambini", "Kinderen", "Dla dzieci",
        "キッズ", "儿童", "키즈", "детский" } },
    { "news",
      { "News", "Nachrichten", "Actualités", "Noticias", "Notícias", "Notizie", "Nieuws",
        "Wiadomości", "ニュース", "新闻", "뉴스", "новости" } },
    { "reality",
      { "Reality", "Reality", "Téléréalité", "Reality", "Reality", "Reality", "Reality", "Reality",
        "リアリティ", "真人秀", "리얼리티", "реалити-шоу" } },
    { "soap",
      { "Soap", "Soap", "Feuilleton", "Telenovela", "Novela", "Soap", "Soap", "Opera mydlana",
        "ソープオペラ", "肥皂剧", "연속극", "мыльная опера" } },
    { "talk-show",
      { "Talk Show", "Talkshow", "Talk-show", "Programa de entrevistas", "Talk show", "Talk show",
        "Talkshow", "Talk-show", "トーク", "脱口秀", "토크쇼", "ток-шоу" } },
    { "politics",
      { "Politics", "Politik", "Politique", "Política", "Política", "Politica", "Politiek",
        "Polityka", "政治", "政治", "정치", "политика" } },
    { "biography",
      { "Biography", "Biografie", "Biographie", "Biografía", "Biografia", "Biografico", "Biografie",
        "Biograficzny", "伝記", "传记", "전기", "биография" } },
    { "film-noir",
      { "Film Noir", "Film Noir", "Film noir", "Cine negro", "Film noir", "Film noir", "Film noir",
        "Film noir", "フィルム・ノワール", "黑色电影", "필름 누아르", "фильм-нуар" } },
    { "musical",
      { "Musical", "Musical", "Comédie musicale", "Musical", "Musical", "Musical", "Musical",
        "Musical", "ミュージカル", "歌舞", "뮤지컬", "мюзикл" } },
    { "short",
      { "Short", "Kurzfilm", "Court métrage", "Cortometraje", "Curta-metragem", "Cortometraggio",
        "Korte film", "Krótkometrażowy", "短編", "短片", "단편", "короткометражка" } },
    { "sport",
      { "Sport", "Sport", "Sport", "Deporte", "Esporte", "Sport", "Sport", "Sportowy", "スポーツ",
        "运动", "스포츠", "спорт" } },
    { "game-show",
      { "Game Show", "Spielshow", "Jeu télévisé", "Concurso", "Concurso", "Gioco a premi",
        "Spelshow", "Teleturniej", "ゲーム番組", "游戏节目", "게임쇼", "игровое шоу" } },
    { "anime",
      { "Anime", "Anime", "Anime", "Anime", "Anime", "Anime", "Anime", "Anime", "アニメ",
        "日本动画", "일본 애니메이션", "аниме" } },
    { "superhero",
      { "Superhero", "Superhelden", "Super-héros", "Superhéroes", "Super-heróis", "Supereroi",
        "Superhelden", "Superbohaterowie", "スーパーヒーロー", "超级英雄", "슈퍼히어로",
        "супергерои" } },
    { "disaster",
      { "Disaster", "Katastrophenfilm", "Catastrophe", "Catástrofes", "Catástrofe", "Catastrofico",
        "Rampenfilm", "Katastroficzny", NULL, "灾难", "재난", "катастрофа" } },
    { "eastern",
      { "Eastern", "Eastern", NULL, NULL, NULL, NULL, "Eastern", NULL, NULL, NULL, NULL, NULL } },
    { "road",
      { "Road Movie", "Roadmovie", "Road movie", "Road movie", "Road movie", "Road movie",
        "Roadmovie", NULL, "ロードムービー", "公路片", "로드 무비", "роуд-муви" } },
    { "holiday", { "Holiday" } },
    { "indie",
      { "Indie", "Independent", "Indépendant", "Independiente", "Independente", "Indipendente",
        "Onafhankelijk", "Niezależny", NULL, "独立", NULL, NULL } },
    { "mini-series",
      { "Mini-Series", "Miniserie", "Mini-série", "Miniserie", "Minissérie", "Miniserie",
        "Miniserie", "Miniserial", NULL, "迷你剧", "미니시리즈", "мини-сериал" } },
    { "special-interest", { "Special Interest" } },
    { "home-and-garden", { "Home and Garden", "Haus und Garten" } },
    { "fan-film", { "Fan Film", "Fanfilm" } },
    { "donghua", { "Donghua" } },
    { "adult",
      { "Adult", "Erwachsene", "Adulte", "Adulto", "Adulto", "Adulti", NULL, NULL, NULL, "成人",
        "성인", "для взрослых" } },
    { "martial-arts",
      { "Martial Arts", "Kampfkunst", "Arts martiaux", "Artes marciales", "Artes marciais",
        "Arti marziali", "Vechtsport", "Sztuki walki", "武術", "武术", "무술",
        "боевые искусства" } },
};

_Static_assert(ARRAY_LEN(genres) <= GENRE_MAX, "a set of genres is 64 bits");

/* Other spellings, in lower-case letters and digits only, sorted; slugs and English names need no
 * row.  Several slugs are separated by spaces. */
static const struct spelling {
    const char *text, *slugs;
} spellings[] = {
    { "actionadventure", "action adventure" },
    { "animated", "animation" },
    { "animations", "animation" },
    { "biographical", "biography" },
    { "biopic", "biography" },
    { "cartoon", "animation" },
    { "children", "kids" },
    { "childrens", "kids" },
    { "doc", "documentary" },
    { "docs", "documentary" },
    { "documentaries", "documentary" },
    { "erotic", "adult" },
    { "historical", "history" },
    { "independent", "indie" },
    { "kidsfamily", "kids family" },
    { "kungfu", "martial-arts" },
    { "miniseries", "mini-series" },
    { "noir", "film-noir" },
    { "political", "politics" },
    { "realitytv", "reality" },
    { "roadmovie", "road" },
    { "romantic", "romance" },
    { "scifi", "science-fiction" },
    { "scififantasy", "science-fiction fantasy" },
    { "sf", "science-fiction" },
    { "shortfilm", "short" },
    { "shorts", "short" },
    { "soapopera", "soap" },
    { "sporting", "sport" },
    { "sportingevent", "sport" },
    { "sports", "sport" },
    { "superheroes", "superhero" },
    { "suspense", "thriller" },
    { "talk", "talk-show" },
    { "telenovela", "soap" },
    { "television", "tv-movie" },
    { "tmdb10402", "music" },
    { "tmdb10749", "romance" },
    { "tmdb10751", "family" },
    { "tmdb10752", "war" },
    { "tmdb10759", "action adventure" },
    { "tmdb10762", "kids" },
    { "tmdb10763", "news" },
    { "tmdb10764", "reality" },
    { "tmdb10765", "science-fiction fantasy" },
    { "tmdb10766", "soap" },
    { "tmdb10767", "talk-show" },
    { "tmdb10768", "war politics" },
    { "tmdb10770", "tv-movie" },
    { "tmdb12", "adventure" },
    { "tmdb14", "fantasy" },
    { "tmdb16", "animation" },
    { "tmdb18", "drama" },
    { "tmdb27", "horror" },
    { "tmdb28", "action" },
    { "tmdb35", "comedy" },
    { "tmdb36", "history" },
    { "tmdb37", "western" },
    { "tmdb53", "thriller" },
    { "tmdb80", "crime" },
    { "tmdb878", "science-fiction" },
    { "tmdb9648", "mystery" },
    { "tmdb99", "documentary" },
    { "tvfilm", "tv-movie" },
    { "warpolitics", "war politics" },
};

/* Lower-case ASCII letters and digits; whatever is not ASCII stays as it is. */
static void squeeze(const char *from, size_t len, char out[SPELLING_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < len && n < SPELLING_MAX - 1; i++) {
        char c = from[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c | 0x20);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80)
            out[n++] = c;
    }
    out[n] = '\0';
}

static uint64_t bits_of_slugs(const char *slugs)
{
    uint64_t bits = 0;
    for (const char *at = slugs; *at;) {
        char slug[SPELLING_MAX];
        size_t len = strcspn(at, " ");
        memcpy(slug, at, len);
        slug[len] = '\0';
        int genre = genre_of_slug(slug);
        if (genre >= 0)
            bits |= UINT64_C(1) << genre;
        at += len;
        at += *at == ' ';
    }
    return bits;
}

static int by_text(const void *key, const void *row)
{
    return strcmp(key, ((const struct spelling *)row)->text);
}

static uint64_t of_one(const char *from, size_t len)
{
    char text[SPELLING_MAX], other[SPELLING_MAX];
    squeeze(from, len, text);
    if (!*text)
        return 0;
    const struct spelling *known =
        bsearch(text, spellings, ARRAY_LEN(spellings), sizeof *spellings, by_text);
    if (known)
        return bits_of_slugs(known->slugs);
    for (size_t i = 0; i < ARRAY_LEN(genres); i++) {
        if ((genres[i].slug[0] | 0x20) != text[0] && (genres[i].names[0][0] | 0x20) != text[0])
            continue;
        squeeze(genres[i].slug, strlen(genres[i].slug), other);
        if (strcmp(other, text) == 0)
            return UINT64_C(1) << i;
        squeeze(genres[i].names[0], strlen(genres[i].names[0]), other);
        if (strcmp(other, text) == 0)
            return UINT64_C(1) << i;
    }
    return 0;
}

uint64_t genre_of_spelling(const char *spelling)
{
    uint64_t bits = of_one(spelling, strlen(spelling));
    if (bits)
        return bits;
    for (const char *at = spelling; *at;) {
        size_t len = strcspn(at, "&/,|");
        bits |= of_one(at, len);
        at += len;
        at += *at != '\0';
    }
    return bits;
}

const char *genre_slug(unsigned genre)
{
    return genre < ARRAY_LEN(genres) ? genres[genre].slug : NULL;
}

int genre_of_slug(const char *slug)
{
    for (size_t i = 0; i < ARRAY_LEN(genres); i++)
        if (strcmp(genres[i].slug, slug) == 0)
            return (int)i;
    return -1;
}

const char *genre_name(unsigned genre, const char *language)
{
    if (genre >= ARRAY_LEN(genres))
        return NULL;
    const char *const *names = genres[genre].names;
    for (size_t i = 0; language && i < LANGUAGES; i++)
        if (strncmp(languages[i], language, 2) == 0 && (!language[2] || language[2] == '-'))
            return names[i] ? names[i] : names[0];
    return names[0];
}
