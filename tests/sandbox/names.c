/* SPDX-License-Identifier: MIT */
#include "names.h"

#include "base/text.h"

static const char *const genre_languages[] = { "en", "de", "fr", "es", "pt", "da" };

const struct names_genre names_movie_genres[] = {
    { 28, { "Action", "Action", "Action", "Acción", "Ação", "Action" } },
    { 12, { "Adventure", "Abenteuer", "Aventure", "Aventura", "Aventura", "Eventyr" } },
    { 16, { "Animation", "Animation", "Animation", "Animación", "Animação", "Animation" } },
    { 35, { "Comedy", "Komödie", "Comédie", "Comedia", "Comédia", "Komedie" } },
    { 80, { "Crime", "Krimi", "Crime", "Crimen", "Crime", "Kriminalitet" } },
    { 99, { "Documentary", "Dokumentarfilm", "Documentaire", "Documental", "Documentário", "" } },
    { 18, { "Drama", "Drama", "Drame", "Drama", "Drama", "Drama" } },
    { 10751, { "Family", "Familie", "Familial", "Familia", "Família", "Familie" } },
    { 14, { "Fantasy", "Fantasy", "Fantastique", "Fantasía", "Fantasia", "Fantasy" } },
    { 36, { "History", "Historie", "Histoire", "Historia", "História", "Historie " } },
    { 27, { "Horror", "Horror", "Horreur", "Terror", "Terror", "Gyser" } },
    { 10402, { "Music", "Musik", "Musique", "Música", "Música", "Musik" } },
    { 9648, { "Mystery", "Mystery", "Mystère", "Misterio", "Mistério", "Mysterium" } },
    { 10749, { "Romance", "Liebesfilm", "Romance", "Romance", "Romance", "Romantik" } },
    { 878,
      { "Science Fiction", "Science Fiction", "Science-Fiction", "Ciencia ficción",
        "Ficção científica", "Sci-fi" } },
    { 10770, { "TV Movie", "TV-Film", "Téléfilm", "Película de TV", "Cinema TV", "TV film" } },
    { 53, { "Thriller", "Thriller", "Thriller", "Suspense", "Thriller", "Thriller" } },
    { 10752, { "War", "Kriegsfilm", "Guerre", "Bélica", "Guerra", "Krig" } },
    { 37, { "Western", "Western", "Western", "Western", "Faroeste", "Western" } },
};
const size_t n_names_movie_genres = ARRAY_LEN(names_movie_genres);

const struct names_genre names_tv_genres[] = {
    { 10759, { "Action & Adventure", "", "", "", "", "Action og eventyr" } },
    { 16, { "Animation", "", "", "Animación", "Animação", "Animation" } },
    { 35, { "Comedy", "Komödie", "Comédie", "Comedia", "Comédia", "Komedie" } },
    { 80, { "Crime", "Krimi", "Crime", "Crimen", "Crime", "Kriminalitet" } },
    { 99, { "Documentary", "Dokumentarfilm", "Documentaire", "Documental", "Documentário", "" } },
    { 18, { "Drama", "Drama", "Drame", "Drama", "Drama", "Drama" } },
    { 10751, { "Family", "Familie", "Familial", "Familia", "Família", "Familie" } },
    { 10762, { "Kids", "", "", "", "", "Børn" } },
    { 9648, { "Mystery", "Mystery", "Mystère", "Misterio", "Mistério", "Mysterium" } },
    { 10763, { "News", "", "", "", "", "Nyhed" } },
    { 10764, { "Reality", "", "", "", "", "" } },
    { 10765, { "Sci-Fi & Fantasy", "", "", "", "", "Sci-fi og Fantasy" } },
    { 10766, { "Soap", "", "", "", "", "" } },
    { 10767, { "Talk", "", "", "", "", "" } },
    { 10768, { "War & Politics", "", "", "", "", "" } },
    { 37, { "Western", "Western", "Western", "Western", "Faroeste", "Western" } },
};
const size_t n_names_tv_genres = ARRAY_LEN(names_tv_genres);

const struct names_language names_languages[] = {
    { "ab", "Abkhazian", "" },
    { "ar", "Arabic", "العربية" },
    { "bn", "Bengali", "বাংলা" },
    { "cs", "Czech", "Český" },
    { "da", "Danish", "Dansk" },
    { "de", "German", "Deutsch" },
    { "el", "Greek", "ελληνικά" },
    { "en", "English", "English" },
    { "es", "Spanish", "Español" },
    { "et", "Estonian", "Eesti" },
    { "fi", "Finnish", "suomi" },
    { "fr", "French", "Français" },
    { "he", "Hebrew", "עִבְרִית" },
    { "hi", "Hindi", "हिन्दी" },
    { "hu", "Hungarian", "Magyar" },
    { "hy", "Armenian", "" },
    { "it", "Italian", "Italiano" },
    { "ja", "Japanese", "日本語" },
    { "ko", "Korean", "한국어/조선말" },
    { "la", "Latin", "Latin" },
    { "nl", "Dutch", "Nederlands" },
    { "no", "Norwegian", "Norsk" },
    { "pl", "Polish", "Polski" },
    { "pt", "Portuguese", "Português" },
    { "ro", "Romanian", "Română" },
    { "ru", "Russian", "Pусский" },
    { "sv", "Swedish", "svenska" },
    { "ta", "Tamil", "தமிழ்" },
    { "th", "Thai", "ภาษาไทย" },
    { "tr", "Turkish", "Türkçe" },
    { "uk", "Ukrainian", "Український" },
    { "xx", "No Language", "No Language" },
    { "zh", "Mandarin", "普通话" },
};
const size_t n_names_languages = ARRAY_LEN(names_languages);

const struct names_country names_countries[] = {
    { "AR", "Argentina", "Argentina" },
    { "AT", "Austria", "Österreich" },
    { "AU", "Australia", "Australia" },
    { "BE", "Belgium", "Belgium" },
    { "BR", "Brazil", "Brazil" },
    { "CA", "Canada", "Canada" },
    { "CH", "Switzerland", "Schweiz" },
    { "CN", "China", "China" },
    { "CZ", "Czech Republic", "Czech Republic" },
    { "DE", "Germany", "Germany" },
    { "DK", "Denmark", "Denmark" },
    { "ES", "Spain", "Spain" },
    { "FI", "Finland", "Finland" },
    { "FR", "France", "France" },
    { "GB", "United Kingdom", "United Kingdom" },
    { "HU", "Hungary", "Hungary" },
    { "IE", "Ireland", "Ireland" },
    { "IN", "India", "India" },
    { "IT", "Italy", "Italy" },
    { "JP", "Japan", "Japan" },
    { "KR", "South Korea", "South Korea" },
    { "MX", "Mexico", "Mexico" },
    { "NL", "Netherlands", "Netherlands" },
    { "NO", "Norway", "Norway" },
    { "PL", "Poland", "Poland" },
    { "PT", "Portugal", "Portugal" },
    { "RU", "Russia", "Russia" },
    { "SE", "Sweden", "Sweden" },
    { "SU", "Soviet Union", "Soviet Union" },
    { "US", "United States of America", "United States" },
    { "XC", "Czechoslovakia", "Czechoslovakia" },
};
const size_t n_names_countries = ARRAY_LEN(names_countries);

const char *names_of_genre(const struct names_genre *genre, const char *language)
{
    for (size_t i = 0; language && i < ARRAY_LEN(genre_languages); i++) {
        if (text_starts_with(language, genre_languages[i]) && !text_is_empty(genre->names[i]))
            return genre->names[i];
    }
    return genre->names[0];
}

const struct names_genre *names_movie_genre(uint32_t id)
{
    for (size_t i = 0; i < n_names_movie_genres; i++) {
        if (names_movie_genres[i].id == id)
            return &names_movie_genres[i];
    }
    return NULL;
}

const struct names_genre *names_tv_genre(uint32_t id)
{
    for (size_t i = 0; i < n_names_tv_genres; i++) {
        if (names_tv_genres[i].id == id)
            return &names_tv_genres[i];
    }
    return NULL;
}

uint32_t names_genre_bit(uint32_t id, bool of_shows)
{
    const struct names_genre *genre = of_shows ? names_tv_genre(id) : names_movie_genre(id);
    if (!genre)
        return 0;
    return 1u << (genre - (of_shows ? names_tv_genres : names_movie_genres));
}

const struct names_language *names_language(const char *code)
{
    static const struct names_language none = { "", "", "" };

    for (size_t i = 0; i < n_names_languages; i++) {
        if (text_equal(names_languages[i].code, code))
            return &names_languages[i];
    }
    return &none;
}

const struct names_country *names_country(const char *code)
{
    static const struct names_country none = { "", "", "" };

    for (size_t i = 0; i < n_names_countries; i++) {
        if (text_equal(names_countries[i].code, code))
            return &names_countries[i];
    }
    return &none;
}
