/* SPDX-License-Identifier: MIT */
#include "index/script.h"

bool script_is_word(utf8proc_int32_t c)
{
    if (c < 128)
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    utf8proc_category_t category = utf8proc_category(c);
    return category <= UTF8PROC_CATEGORY_ME || category == UTF8PROC_CATEGORY_ND ||
           category == UTF8PROC_CATEGORY_NL || category == UTF8PROC_CATEGORY_NO;
}

static bool is_hangul(utf8proc_int32_t c)
{
    return (c >= 0x1100 && c <= 0x11FF) || (c >= 0xA960 && c <= 0xA97F) ||
           (c >= 0xD7B0 && c <= 0xD7FF);
}

bool script_is_unspaced(utf8proc_int32_t c)
{
    bool is_one = (c >= 0x0E00 && c <= 0x0E7F) || /* Thai */
                  (c >= 0x3005 && c <= 0x3007) || /* marks that repeat a character, and zero */
                  (c >= 0x3040 && c <= 0x30FF) || /* kana */
                  (c >= 0x3400 && c <= 0x9FFF) || /* CJK */
                  (c >= 0xF900 && c <= 0xFAFF) || /* CJK compatibility */
                  (c >= 0x20000 && c <= 0x3FFFF);
    return (is_one || is_hangul(c)) && script_is_word(c);
}

bool script_goes_on(utf8proc_int32_t c)
{
    return (c >= 0x1160 && c <= 0x11FF) || (c >= 0xD7B0 && c <= 0xD7FF);
}

bool script_is_joint(utf8proc_int32_t c)
{
    return c == '-' || c == '/' || c == '*' || c == ':' || c == 0xB7 || c == 0x2010;
}

bool script_is_apostrophe(utf8proc_int32_t c)
{
    return c == '\'' || c == 0x2019 || c == 0x02BC;
}
