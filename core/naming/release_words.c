/* SPDX-License-Identifier: MIT */
#include "naming/release_words.h"

#include <pthread.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "naming/release_name.h"

enum { SLOTS = 4096, ENTRIES_MAX = 2048, SEPARATOR = ' ' };

/* What words mean: meaning, strong, number, text, and the phrases, lower case (what has no ASCII
 * case stands in each spelling people use). */
/* clang-format off */
static const struct release_word words[] = {
    /* Lines of the picture */
    { RELEASE_IS_LINES, false, 1080, NULL, "fhd|full hd|fullhd" },
    { RELEASE_IS_LINES, false, 1440, NULL, "2k|qhd" },
    { RELEASE_IS_LINES, true, 2160, NULL, "uhd" },
    { RELEASE_IS_LINES, false, 2160, NULL, "4k|4kuhd|ultra hd|ultrahd" },
    { RELEASE_IS_LINES, false, 4320, NULL, "8k" },
    /* Sources */
    { RELEASE_IS_SOURCE, true, RELEASE_CAM, NULL,
      "cam rip|camrip|hd cam|hdcam|hdcamrip|hq cam|hqcam" },
    { RELEASE_IS_SOURCE, false, RELEASE_CAM, NULL, "cam|dvdcam|hqcamrip" },
    { RELEASE_IS_SOURCE, true, RELEASE_TELESYNC, NULL,
      "hd ts|hdtelesync|hdts|hq hdts|hqts|pdvd|pre dvd|pre dvd rip|pre dvdrip|predvd|"
      "predvdrip|s print|telesync|ts rip|tsrip" },
    { RELEASE_IS_SOURCE, false, RELEASE_TELESYNC, NULL, "ts" },
    { RELEASE_IS_SOURCE, true, RELEASE_TELECINE, NULL, "hd tc|hdtc|hdtcrip|tcrip|telecine" },
    { RELEASE_IS_SOURCE, false, RELEASE_TELECINE, NULL, "tc" },
    { RELEASE_IS_SOURCE, true, RELEASE_SCREENER, NULL,
      "bdscr|brscr|dvd scr|dvd screener|dvdscr|dvdscreener|hd screener|hdscr|"
      "hdscreener|scr rip|screener|scrrip|web screener|webscreener" },
    { RELEASE_IS_SOURCE, false, RELEASE_SCREENER, NULL, "r5|r6|scr" },
    { RELEASE_IS_SOURCE, true, RELEASE_DVDRIP, NULL,
      "dvd rip|dvdfullrip|dvdmux|dvdr ip|dvdr rip|dvdrip|dvdrips" },
    { RELEASE_IS_SOURCE, true, RELEASE_DVD, NULL,
      "dvd 5|dvd 9|dvd full|dvd r|dvd remux|dvd5|dvd9|dvdr|dvdr5|dvdr9|dvdremux|"
      "full dvd" },
    { RELEASE_IS_SOURCE, false, RELEASE_DVD, NULL, "dvd" },
    { RELEASE_IS_SOURCE, true, RELEASE_TVRIP, NULL, "dtvrip|iptvrip|tv rip|tvrip|vhs rip|vhsrip" },
    { RELEASE_IS_SOURCE, true, RELEASE_SATRIP, NULL,
      "dsr rip|dsrip|dth rip|dthrip|dvb rip|dvbrip|ppvrip|sat rip|satrip" },
    { RELEASE_IS_SOURCE, false, RELEASE_SATRIP, NULL, "dsr|dth|dvb|vhs" },
    { RELEASE_IS_SOURCE, true, RELEASE_PDTV, NULL, "digitv|pdtv|sdtv" },
    { RELEASE_IS_SOURCE, true, RELEASE_HDTV, NULL,
      "ahdtv|hd tv|hdtv|hdtv mux|hdtv rip|hdtvmux|hdtvrip|uhdtv" },
    { RELEASE_IS_SOURCE, true, RELEASE_WEB, NULL, "web hd|web mux|webhd|webmux" },
    { RELEASE_IS_SOURCE, false, RELEASE_WEB, NULL, "web" },
    { RELEASE_IS_SOURCE, true, RELEASE_HDRIP, NULL,
      "fhdrip|hd rip|hdrip|hq hdrip|hqhdrip|uhd rip|uhdrip" },
    { RELEASE_IS_SOURCE, true, RELEASE_WEBRIP, NULL,
      "web cap|web dl rip|web dlrip|web rip|webcap|webdlrip|webrip" },
    { RELEASE_IS_SOURCE, true, RELEASE_WEBDL, NULL,
      "amazonhd|itunesrip|netflixhd|web dl|web dl mux|web dlmux|webdl|webdlmux" },
    { RELEASE_IS_SOURCE, true, RELEASE_HDDVD, NULL, "hd dvd|hd dvdrip|hddvd|hddvdrip" },
    { RELEASE_IS_SOURCE, true, RELEASE_BRRIP, NULL,
      "blu ray rip|bluray rip|blurayrip|br rip|brrip" },
    { RELEASE_IS_SOURCE, true, RELEASE_BDRIP, NULL,
      "4klight|bd mux|bd rip|bdlight|bdmux|bdrip|hdlight|mhd|uhd bdrip|uhdbdrip" },
    { RELEASE_IS_SOURCE, true, RELEASE_BLURAY, NULL,
      "bd100|bd25|bd50|bd66|bdiso|bdmv|blu ray|bluray|bluray disc|bluray disk|"
      "bluraydisc|complete bluray|full bluray|mbluray|uhdbd|uhdbluray" },
    { RELEASE_IS_SOURCE, false, RELEASE_BLURAY, NULL, "bd" },
    { RELEASE_IS_SOURCE, true, RELEASE_REMUX, NULL,
      "bd remux|bdremux|bdrmux|blu ray remux|bluray remux|blurayremux|br remux|brremux|"
      "remux|uhd remux|uhdremux" },
    /* Codecs */
    { RELEASE_IS_CODEC, true, QUALITY_AV1, NULL, "av1" },
    { RELEASE_IS_CODEC, true, QUALITY_H264, NULL, "avc|avc1|h 264|h264|mpeg4 avc|x 264|x264" },
    { RELEASE_IS_CODEC, true, QUALITY_H265, NULL, "h 265|h265|hevc|hevc10|hevcx265|x 265|x265" },
    { RELEASE_IS_CODEC, true, QUALITY_MPEG2, NULL, "h 262|h262|mpeg 2|mpeg2|mpg2" },
    { RELEASE_IS_CODEC, true, QUALITY_VC1, NULL, "vc 1|vc1|wmv9" },
    { RELEASE_IS_CODEC, true, QUALITY_VP9, NULL, "vp9" },
    { RELEASE_IS_CODEC, true, QUALITY_XVID, NULL,
      "divx|divx5|divx6|dvix|dx50|mp4v|mpeg 4|mpeg4|xvid|xvidhd" },
    /* Bits a colour */
    { RELEASE_IS_DEPTH, true, 10, NULL, "10 bit|10 bits|10bit|10bits|hi10|hi10 p|hi10p|main10" },
    { RELEASE_IS_DEPTH, true, 12, NULL, "12 bit|12bit|12bits" },
    { RELEASE_IS_DEPTH, true, 8, NULL, "8 bit|8 bits|8bit|8bits" },
    /* Dynamic range */
    { RELEASE_IS_HDR, true, (RELEASE_DOLBY_VISION | RELEASE_HDR10), NULL, "dvhdr|dvhdr10|hdrdv" },
    { RELEASE_IS_HDR, true, RELEASE_DOLBY_VISION, NULL, "dolby vision|dolbyvision|dovi" },
    { RELEASE_IS_HDR, false, RELEASE_DOLBY_VISION, NULL, "dv" },
    { RELEASE_IS_HDR, true, RELEASE_HDR10, NULL, "hdr|hdr 10|hdr10|pq10|uhdhdr" },
    { RELEASE_IS_HDR, true, RELEASE_HDR10PLUS, NULL,
      "hdr 10+|hdr+|hdr10 plus|hdr10+|hdr10p|hdr10plus" },
    { RELEASE_IS_HDR, false, RELEASE_HLG, NULL, "hlg" },
    { RELEASE_IS_HDR, false, RELEASE_SDR, NULL, "sdr" },
    /* Sound */
    { RELEASE_IS_AUDIO, true, (RELEASE_EAC3 | RELEASE_ATMOS), NULL, "ddp atmos|ddpatmos" },
    { RELEASE_IS_AUDIO, true, (RELEASE_TRUEHD | RELEASE_ATMOS), NULL, "truehd atmos|truehdatmos" },
    { RELEASE_IS_AUDIO, true, RELEASE_AAC, NULL, "aac|aac lc|aaclc|qaac" },
    { RELEASE_IS_AUDIO, true, RELEASE_AC3, NULL,
      "ac 3|ac3|ac3d|dd ex|ddex|dolby d|dolby digital|dolbydigital" },
    { RELEASE_IS_AUDIO, false, RELEASE_AC3, NULL, "dd" },
    { RELEASE_IS_AUDIO, false, RELEASE_ATMOS, NULL, "atmos|datmos|dolby atmos" },
    { RELEASE_IS_AUDIO, true, RELEASE_DOUBLE_AUDIO, NULL,
      "2 audio|2audio|daul audio|dual aud|dual audio|dual lang|dual language|dualaudio" },
    { RELEASE_IS_AUDIO, false, RELEASE_DOUBLE_AUDIO, NULL, "dl|dual" },
    { RELEASE_IS_AUDIO, true, RELEASE_DTS, NULL, "dts" },
    { RELEASE_IS_AUDIO, true, RELEASE_DTSES, NULL, "dts es|dtses" },
    { RELEASE_IS_AUDIO, true, RELEASE_DTSHD, NULL,
      "dts hd|dts hd hr|dts hd hra|dts hd ma|dts hd master|dts hd masters|dts hdhra|"
      "dts hdma|dts hra|dts ma|dtshd|dtshdhra|dtshdma|dtsma" },
    { RELEASE_IS_AUDIO, true, RELEASE_DTSX, NULL, "dts x|dtsx" },
    { RELEASE_IS_AUDIO, true, RELEASE_EAC3, NULL,
      "dd plus|dd+|ddp|ddpa|ddplus|dolby d+|dolby digital plus|dolby digital+|e ac 3|"
      "e ac3|eac 3|eac3" },
    { RELEASE_IS_AUDIO, true, RELEASE_FLAC, NULL, "flac|flacx2" },
    { RELEASE_IS_AUDIO, true, RELEASE_HEAAC, NULL,
      "aac he|he aac|he aac v2|he aacv2|heaac|heaacv2" },
    { RELEASE_IS_AUDIO, true, RELEASE_MANY_AUDIO, NULL,
      "multi aud|multi audio|multi lang|multi language|multiaudio|quad audio|tri audio|"
      "triple audio" },
    { RELEASE_IS_AUDIO, false, RELEASE_MANY_AUDIO, NULL, "multi|multi3|multi4|multi5" },
    { RELEASE_IS_AUDIO, false, RELEASE_MP2, NULL, "mp1|mp2|mpa" },
    { RELEASE_IS_AUDIO, true, RELEASE_MP3, NULL, "lame mp3|mp3" },
    { RELEASE_IS_AUDIO, false, RELEASE_OPUS, NULL, "opus" },
    { RELEASE_IS_AUDIO, true, RELEASE_PCM, NULL, "lpcm|pcm" },
    { RELEASE_IS_AUDIO, true, RELEASE_TRUEHD, NULL,
      "dolby true hd|dolby truehd|dthd|thd|true hd|truehd" },
    { RELEASE_IS_AUDIO, false, RELEASE_VORBIS, NULL, "ogg|vorbis" },
    /* Channels, times ten */
    { RELEASE_IS_CHANNELS, false, 10, NULL, "1ch|mono" },
    { RELEASE_IS_CHANNELS, false, 20, NULL, "2 ch|2ch|stereo" },
    { RELEASE_IS_CHANNELS, false, 51, NULL, "6 ch|6ch" },
    { RELEASE_IS_CHANNELS, false, 71, NULL, "8 ch|8ch" },
    /* Flags */
    { RELEASE_IS_FLAG, false, (RELEASE_3D_OU | RELEASE_HALF_3D), NULL,
      "3d h ou|3d half ou|3d hou|h ou|half ou|half tab|halfou|hou|htab" },
    { RELEASE_IS_FLAG, false, (RELEASE_3D_SBS | RELEASE_HALF_3D), NULL,
      "3d h sbs|3d half sbs|3d hsbs|h sbs|half sbs|halfsbs|hsbs" },
    { RELEASE_IS_FLAG, false, (RELEASE_PROPER | RELEASE_REAL), NULL, "real proper" },
    { RELEASE_IS_FLAG, false, RELEASE_3D, NULL, "3d" },
    { RELEASE_IS_FLAG, false, RELEASE_3D_OU, NULL, "3d ou|full ou|ou|overunder" },
    { RELEASE_IS_FLAG, false, RELEASE_3D_SBS, NULL,
      "3d sbs|fsbs|full sbs|sbs|side by side|sidebyside" },
    { RELEASE_IS_FLAG, false, RELEASE_ANIME_END, NULL, "end" },
    { RELEASE_IS_FLAG, false, RELEASE_COMPLETE, NULL,
      "batch|box set|boxset|completa|complete|complete box set|complete boxset|"
      "complete collection|complete mini series|complete movie collection|"
      "complete pack|complete series|complete tv series|full season|"
      "full series|integrale|intégrale|komplett|mini series|miniseries|saison complete|"
      "saison complète|temporada completa|the complete|"
      "the complete collection|the complete series|trilogy pack|"
      "tv pack" },
    { RELEASE_IS_FLAG, false, RELEASE_DUBBED, NULL,
      "avo|doblado|doublage|dub|dubbed|dublado|dubs|dvo|fan dub|fandub|lektor|mvo" },
    { RELEASE_IS_FLAG, false, RELEASE_EXTRAS, NULL, "bonus|extras|featurettes" },
    { RELEASE_IS_FLAG, false, RELEASE_HARDCODED, NULL,
      "hard sub|hard subbed|hard subs|hardcoded|hardcoded subs|hardsub|hardsubbed|"
      "hardsubs|hc|hcsub|hcsubs" },
    { RELEASE_IS_FLAG, false, RELEASE_HYBRID, NULL, "hybrid" },
    { RELEASE_IS_FLAG, false, RELEASE_INTERNAL, NULL, "int|internal" },
    { RELEASE_IS_FLAG, false, RELEASE_LINE_AUDIO, NULL,
      "clean audio|hq clean aud|hq clean audio|line|line audio|md|mic dubbed" },
    { RELEASE_IS_FLAG, false, RELEASE_PROPER, NULL, "proper|proper2" },
    { RELEASE_IS_FLAG, false, RELEASE_REAL, NULL, "real" },
    { RELEASE_IS_FLAG, false, RELEASE_REPACK, NULL, "repack|repack2|repack3|rerip" },
    { RELEASE_IS_FLAG, false, RELEASE_SAMPLE, NULL, "sample" },
    { RELEASE_IS_FLAG, false, RELEASE_SUBBED, NULL,
      "legendado|msub|msubs|multi sub|multi subs|multi subtitle|multi subtitles|"
      "multiple subtitle|multiple subtitles|multisub|multisubs|soft subs|softsub|"
      "softsubs|subbed|subtitled|vost" },
    { RELEASE_IS_FLAG, false, RELEASE_UPSCALED, NULL,
      "ai enhanced|ai upscale|ai upscaled|ds4k|upscale|upscaled" },
    /* Editions */
    { RELEASE_IS_EDITION, false, 0, "Anniversary Edition", "anniversary|anniversary edition" },
    { RELEASE_IS_EDITION, false, 0, "Black and Chrome", "black and chrome|black chrome" },
    { RELEASE_IS_EDITION, false, 0, "Collector's Edition",
      "collector s edition|collector's edition|collectors edition" },
    { RELEASE_IS_EDITION, false, 0, "Criterion",
      "criterion|criterion collection|the criterion collection" },
    { RELEASE_IS_EDITION, false, 0, "Deluxe Edition", "deluxe edition" },
    { RELEASE_IS_EDITION, false, 0, "Despecialized", "despecialised|despecialized" },
    { RELEASE_IS_EDITION, false, 0, "Diamond Edition", "diamond edition" },
    { RELEASE_IS_EDITION, false, 0, "Director's Cut",
      "dc|dir cut|director cut|director s cut|director's cut|director's edition|"
      "directors cut|directors edition" },
    { RELEASE_IS_EDITION, false, 0, "Director's Definitive Edition",
      "director's definitive edition|directors definitive edition" },
    { RELEASE_IS_EDITION, false, 0, "Extended",
      "extended|extended cut|extended edition|extended version|long version|"
      "version longue" },
    { RELEASE_IS_EDITION, false, 0, "Fan Edit", "fan cut|fan edit|fanedit" },
    { RELEASE_IS_EDITION, false, 0, "Festival Cut", "festival" },
    { RELEASE_IS_EDITION, false, 0, "Final Cut", "final cut|the final cut" },
    { RELEASE_IS_EDITION, false, 0, "IMAX", "imax|imax edition|imax enhanced" },
    { RELEASE_IS_EDITION, false, 0, "Limited", "limited|limited edition" },
    { RELEASE_IS_EDITION, false, 0, "Open Matte", "open matte" },
    { RELEASE_IS_EDITION, false, 0, "Recut",
      "alternate cut|alternate ending|alternative cut|recut" },
    { RELEASE_IS_EDITION, false, 0, "Redux", "redux" },
    { RELEASE_IS_EDITION, false, 0, "Remastered",
      "4k remaster|4k remastered|4k restoration|4k restored|digitally remastered|"
      "remaster|remastered|restored" },
    { RELEASE_IS_EDITION, false, 0, "Rogue Cut", "rogue cut" },
    { RELEASE_IS_EDITION, false, 0, "Signature Edition", "signature edition" },
    { RELEASE_IS_EDITION, false, 0, "Special Edition", "special edition" },
    { RELEASE_IS_EDITION, false, 0, "Theatrical",
      "theatrical|theatrical cut|theatrical edition|theatrical release|"
      "theatrical version" },
    { RELEASE_IS_EDITION, false, 0, "Ultimate Edition", "ultimate cut|ultimate edition" },
    { RELEASE_IS_EDITION, false, 0, "Uncensored", "uncensored" },
    { RELEASE_IS_EDITION, false, 0, "Uncut", "uncut|uncut edition|uncut version" },
    { RELEASE_IS_EDITION, false, 0, "Unrated",
      "unrated|unrated cut|unrated edition|unrated version" },
    /* Subtitles of one language */
    { RELEASE_IS_SUBTITLE, true, 0, "ar", "arabsub|arsub" },
    { RELEASE_IS_SUBTITLE, true, 0, "cs", "czsub|cztit" },
    { RELEASE_IS_SUBTITLE, true, 0, "da", "dansk tekst|dansub|dk subs|dksub|dksubs" },
    { RELEASE_IS_SUBTITLE, true, 0, "en", "e sub|e subs|englishsub|engsub|engsubs|esub|esubs" },
    { RELEASE_IS_SUBTITLE, true, 0, "es", "spasub|subesp|vose" },
    { RELEASE_IS_SUBTITLE, true, 0, "fi", "finsub|finsubs|fisub" },
    { RELEASE_IS_SUBTITLE, true, 0, "fr",
      "fastsub vostfr|frsub|stfr|subfrench|vost fr|vostfr" },
    { RELEASE_IS_SUBTITLE, true, 0, "he", "hebsub|hebsubs" },
    { RELEASE_IS_SUBTITLE, true, 0, "hu", "hunsub" },
    { RELEASE_IS_SUBTITLE, true, 0, "it", "itasub|subita" },
    { RELEASE_IS_SUBTITLE, true, 0, "ko", "kor sub" },
    { RELEASE_IS_SUBTITLE, true, RELEASE_HARDCODED, "ko", "korsub|korsubs" },
    { RELEASE_IS_SUBTITLE, true, 0, "nl", "nl subs|nlsub|nlsubs" },
    { RELEASE_IS_SUBTITLE, true, 0, "no", "norsub|norsubs" },
    { RELEASE_IS_SUBTITLE, true, 0, "pl", "napisy pl|plsub|plsubs|subpl" },
    { RELEASE_IS_SUBTITLE, true, 0, "pt-BR", "legendado ptbr" },
    { RELEASE_IS_SUBTITLE, true, 0, "ro", "rosub|rosubs" },
    { RELEASE_IS_SUBTITLE, true, 0, "ru", "rus sub|rusub|rusubs" },
    { RELEASE_IS_SUBTITLE, true, 0, "sv", "swe sub|swesub|swesubs" },
    { RELEASE_IS_SUBTITLE, true, 0, "tr", "trsub" },
    { RELEASE_IS_SUBTITLE, true, 0, "zh", "日语中字|国语中字|中英字幕|中文字幕|简日双语|双语字幕|big5|chs|cht|chs cht|gb big5|中字|简体|简体中文|简繁|简繁内封|简繁外挂|繁体|繁體中文" },
    { RELEASE_IS_SUBTITLE, true, RELEASE_HARDCODED, "zh", "简体内嵌|简日内嵌|繁体内嵌|繁日内嵌|繁體內嵌" },
    /* "subs": the languages around it are subtitles */
    { RELEASE_IS_SUBS, false, 0, NULL,
      "legendas|napisy|sous titres|sub|subs|subtitle|subtitles|untertitel|субтитры" },
    /* Languages */
    { RELEASE_IS_LANGUAGE, false, 0, "ar", "ara|arab|arabic" },
    { RELEASE_IS_LANGUAGE, false, 0, "bg", "bul|bulgarian" },
    { RELEASE_IS_LANGUAGE, false, 0, "bn", "bangla|ben|bengali" },
    { RELEASE_IS_LANGUAGE, false, 0, "ca", "catalan" },
    { RELEASE_IS_LANGUAGE, false, 0, "cs", "ces|czdub|cze|czech" },
    { RELEASE_IS_LANGUAGE, false, 0, "da", "dan|danish|dansk" },
    { RELEASE_IS_LANGUAGE, false, 0, "de", "aleman|deu|deutsch|ger|german|tedesco" },
    { RELEASE_IS_LANGUAGE, false, 0, "el", "gre|greek" },
    { RELEASE_IS_LANGUAGE, false, 0, "en", "anglais|eng|englisch|english|ingles|inglese" },
    { RELEASE_IS_LANGUAGE, false, 0, "es", "espanol|español|castellano|esp|spa|spagnolo|spanish" },
    { RELEASE_IS_LANGUAGE, false, 0, "es-MX",
      "español latino|lat|latin spanish|latino|spanish latino" },
    { RELEASE_IS_LANGUAGE, false, 0, "et", "est|estonian" },
    { RELEASE_IS_LANGUAGE, false, 0, "eu", "basque" },
    { RELEASE_IS_LANGUAGE, false, 0, "fa", "farsi|persian" },
    { RELEASE_IS_LANGUAGE, false, 0, "fi", "fin|finnish|suomi" },
    { RELEASE_IS_LANGUAGE, false, 0, "fr",
      "fra|francais|frances|francese|français|fre|french|true french|truefrench|vf|vf2|"
      "vff|vfi|vfq" },
    { RELEASE_IS_LANGUAGE, false, 0, "gl", "galician" },
    { RELEASE_IS_LANGUAGE, false, 0, "gu", "guj|gujarati" },
    { RELEASE_IS_LANGUAGE, false, 0, "he", "heb|hebrew" },
    { RELEASE_IS_LANGUAGE, false, 0, "hi", "hin|hind|hindi" },
    { RELEASE_IS_LANGUAGE, false, 0, "hr", "croatian|hrv" },
    { RELEASE_IS_LANGUAGE, false, 0, "hu", "hun|hungarian|magyar" },
    { RELEASE_IS_LANGUAGE, false, 0, "id", "indo|indonesian" },
    { RELEASE_IS_LANGUAGE, false, 0, "is", "icelandic" },
    { RELEASE_IS_LANGUAGE, false, 0, "it", "ita|italian|italiano" },
    { RELEASE_IS_LANGUAGE, false, 0, "ja", "jap|japan|japanese|jpn" },
    { RELEASE_IS_LANGUAGE, false, 0, "ka", "georgian" },
    { RELEASE_IS_LANGUAGE, false, 0, "kn", "kan|kannada" },
    { RELEASE_IS_LANGUAGE, false, 0, "ko", "kor|korean" },
    { RELEASE_IS_LANGUAGE, false, 0, "la", "latin" },
    { RELEASE_IS_LANGUAGE, false, 0, "lt", "lithuanian" },
    { RELEASE_IS_LANGUAGE, false, 0, "lv", "latvian|lav" },
    { RELEASE_IS_LANGUAGE, false, 0, "ml", "mal|malayalam" },
    { RELEASE_IS_LANGUAGE, false, 0, "mr", "mar|marathi" },
    { RELEASE_IS_LANGUAGE, false, 0, "ms", "malay" },
    { RELEASE_IS_LANGUAGE, false, 0, "nl", "dut|dutch|flemish|nederlands|nld" },
    { RELEASE_IS_LANGUAGE, false, 0, "no", "nor|norsk|norwegian" },
    { RELEASE_IS_LANGUAGE, false, 0, "pa", "panjabi|pun|punjabi" },
    { RELEASE_IS_LANGUAGE, false, 0, "pl", "pl dub|pldub|pol|polish|polska|polski" },
    { RELEASE_IS_LANGUAGE, false, 0, "pt", "por|portugues|portuguese|português|ptpt" },
    { RELEASE_IS_LANGUAGE, false, 0, "pt-BR", "brazilian|pt br|ptbr" },
    { RELEASE_IS_LANGUAGE, false, 0, "ro", "romanian|ron|rou|rum" },
    { RELEASE_IS_LANGUAGE, false, 0, "ru", "rus|russian|рус|русский" },
    { RELEASE_IS_LANGUAGE, false, 0, "sk", "slo|slovak|svk" },
    { RELEASE_IS_LANGUAGE, false, 0, "sl", "slovenian|slv" },
    { RELEASE_IS_LANGUAGE, false, 0, "sq", "albanian" },
    { RELEASE_IS_LANGUAGE, false, 0, "sr", "serbian|srp" },
    { RELEASE_IS_LANGUAGE, false, 0, "sv", "svenska|swe|swedish" },
    { RELEASE_IS_LANGUAGE, false, 0, "ta", "tam|tamil" },
    { RELEASE_IS_LANGUAGE, false, 0, "te", "tel|telegu|telugu" },
    { RELEASE_IS_LANGUAGE, false, 0, "th", "tha|thai" },
    { RELEASE_IS_LANGUAGE, false, 0, "tl", "filipino|tagalog" },
    { RELEASE_IS_LANGUAGE, false, 0, "tr", "tur|turkce|turkish|türkçe" },
    { RELEASE_IS_LANGUAGE, false, 0, "uk", "ukr|ukrainian|укр" },
    { RELEASE_IS_LANGUAGE, false, 0, "ur", "urd|urdu" },
    { RELEASE_IS_LANGUAGE, false, 0, "vi", "vie|vietnamese" },
    { RELEASE_IS_LANGUAGE, false, 0, "yue", "cantonese|粤语" },
    { RELEASE_IS_LANGUAGE, false, 0, "zh",
      "chi|chinese|chn|mandarim|mandarin|putonghua|中文|国粤双语|国英双语|国语" },
    /* Languages only when written in capitals */
    { RELEASE_IS_CAPITALS, false, 0, "bg", "bg" },
    { RELEASE_IS_CAPITALS, false, 0, "cs", "cz" },
    { RELEASE_IS_CAPITALS, false, 0, "da", "dk" },
    { RELEASE_IS_CAPITALS, false, 0, "de", "de" },
    { RELEASE_IS_CAPITALS, false, 0, "el", "gr" },
    { RELEASE_IS_CAPITALS, false, 0, "en", "en" },
    { RELEASE_IS_CAPITALS, false, 0, "es", "es" },
    { RELEASE_IS_CAPITALS, false, 0, "fr", "fr" },
    { RELEASE_IS_CAPITALS, false, 0, "hu", "hu" },
    { RELEASE_IS_CAPITALS, false, 0, "it", "it" },
    { RELEASE_IS_CAPITALS, false, 0, "ja", "ja|jp" },
    { RELEASE_IS_CAPITALS, false, 0, "ko", "kr" },
    { RELEASE_IS_CAPITALS, false, 0, "nl", "nl" },
    { RELEASE_IS_CAPITALS, false, 0, "pl", "pl" },
    { RELEASE_IS_CAPITALS, false, 0, "pt", "pt" },
    { RELEASE_IS_CAPITALS, false, 0, "ro", "ro" },
    { RELEASE_IS_CAPITALS, false, 0, "ru", "ru" },
    { RELEASE_IS_CAPITALS, false, 0, "sk", "sk" },
    { RELEASE_IS_CAPITALS, false, 0, "tr", "tr" },
    { RELEASE_IS_CAPITALS, false, 0, "uk", "ua" },
    { RELEASE_IS_CAPITALS, false, 0, "zh", "cn" },
    /* Words a season number stands beside */
    { RELEASE_IS_SEASON, false, 0, NULL,
      "evad|kausi|saison|saisons|season|seasons|seizoen|serie|series|sesong|sezon|"
      "sezona|sezonu|staffel|staffeln|stagione|stagioni|säsong|sæson|séries|temporada|"
      "temporadas|évad|СЕЗОН|Сезон|Сезоны|сезон|сезона|сезоны" },
    /* Words an episode number stands beside */
    { RELEASE_IS_EPISODE, false, 0, NULL,
      "Bölüm|afl|aflevering|afleveringen|afsnit|avsnitt|bolum|bölüm|cap|capitulo|"
      "capitulos|capítulo|capítulos|ep|epi|episode|episoder|episodes|episodi|episodio|"
      "episodios|episódio|episódios|epizod|epizoda|epizody|eps|folge|folgen|jakso|"
      "jaksot|odcinek|odcinki|puntata|puntate|rész|Épisode|Épisodes|épisode|épisodes|"
      "СЕРИИ|СЕРИЯ|Серии|Серия|Эпизод|Эпизоды|серии|серия|эпизод|эпизоды" },
    /* Networks, containers and other words that are no title behind it */
    { RELEASE_IS_NOISE, false, 0, NULL,
      "1cd|2cd|2cds|3cd|abc|ac|adn|aha|all4|amazon|amc|amzn|atv|atvp|avi|b global|baha|"
      "bbc|bcore|bdav|blutv|cbc|cbs|cd1|cd2|cd3|cfr|commentary|convert|cr|crav|crkl|"
      "ctv|custom|ddlc|dirfix|disc1|disc2|disk1|disney+|docu|documentary|dsnp|dsny|dtv|"
      "dual subs|encode|filmin|fps|fs|fullscreen|funi|h 266|h266|hbo|hd|hdd|hidive|hist|hmax|"
      "hoichoi|hotstar|hq|hulu|iplayer|iqiyi|iso|itunes|itv|jc|jiocinema|kbps|kcw|"
      "lifetime|lq|m2ts|m4v|ma|mbps|mgm|mkv|mnbc|movistar|mp 4|mp4|mpeg|mpg|msnbc|mtv|"
      "nat geo|nbc|nced|ncop|netflix|nf|nfo|nfo fix|nfofix|ntsc|oad|oar|oav|ona|"
      "ott|ova|ovas|pal|pbs|pcok|peacock|pmtp|ppv|read nfo|readnfo|region free|remuxed|"
      "retail|rip|rm|rm4k|roku|sd|secam|seso|sho|showmax|sonyliv|stan|stz|subfix|"
      "syncfix|tbs|tnt|trutv|tubi|tving|tvshow|uncompressed|untouched|usan|ver|vfr|"
      "viaplay|viki|viu|vob|vrv|vudu|vvc|wakanim|wavve|webm|wetv|widescreen|wmv|ws|youtube|"
      "yt|zee5" },
    /* Sites that put their name on what others made */
    { RELEASE_IS_SITE, false, 0, NULL,
      "1337x|atomohd|ethd|ettv|eztv|eztvx|glodls|kinozal|nnmclub|oxtorrent|rartv|rutor|"
      "rutracker|silverrg|tamilrockers|tgx|torrent911|torrentgalaxy|torrenting|"
      "ultimafrontiera|www|yggtorrent" },
};
/* clang-format on */

/* The phrases one by one, found by hash; made once from the table. */
static struct {
    const char *at;
    uint16_t len, word;
} entries[ENTRIES_MAX];
static uint16_t slots[SLOTS]; /* place in entries plus one */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const uint64_t HASH_START = 0xcbf29ce484222325;

static uint64_t hash_on(uint64_t hash, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3;
    return hash;
}

static size_t slot_of(uint64_t hash)
{
    return (hash ^ hash >> 32) % SLOTS;
}

static size_t add_entry(size_t n, const char *at, size_t len, size_t word)
{
    entries[n].at = at;
    entries[n].len = (uint16_t)len;
    entries[n].word = (uint16_t)word;
    size_t slot = slot_of(hash_on(HASH_START, at, len));
    while (slots[slot])
        slot = (slot + 1) % SLOTS;
    slots[slot] = (uint16_t)(n + 1);
    return n + 1;
}

static void make_index(void)
{
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        for (const char *at = words[i].phrases; *at && n < ENTRIES_MAX;) {
            size_t len = strcspn(at, "|");
            n = add_entry(n, at, len, i);
            at += len + (at[len] == '|');
        }
}

/* Whether the phrase is these words with single blanks between them. */
static bool is_phrase(const char *at, size_t len, const struct release_slice *slices, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i && (!len || *at++ != SEPARATOR || !len--))
            return false;
        if (len < slices[i].len || memcmp(at, slices[i].at, slices[i].len) != 0)
            return false;
        at += slices[i].len;
        len -= slices[i].len;
    }
    return len == 0;
}

static const struct release_word *find(uint64_t hash, const struct release_slice *slices, size_t n)
{
    for (size_t slot = slot_of(hash); slots[slot]; slot = (slot + 1) % SLOTS) {
        size_t entry = slots[slot] - 1u;
        if (is_phrase(entries[entry].at, entries[entry].len, slices, n))
            return &words[entries[entry].word];
    }
    return NULL;
}

const struct release_word *release_words_find(const struct release_slice *slices, size_t n,
                                              size_t *out_taken)
{
    const struct release_word *best = NULL;
    pthread_once(&once, make_index);
    uint64_t hash = HASH_START;
    for (size_t i = 0; i < n && i < RELEASE_PHRASE_WORDS; i++) {
        hash = hash_on(hash, " ", i ? 1 : 0);
        hash = hash_on(hash, slices[i].at, slices[i].len);
        const struct release_word *word = find(hash, slices, i + 1);
        if (!word)
            continue;
        best = word;
        *out_taken = i + 1;
    }
    return best;
}

bool release_words_language(const char *word, size_t len, char out[LANGUAGE_LEN])
{
    struct release_slice slice = { .at = word, .len = len };
    size_t taken;
    const struct release_word *known = release_words_find(&slice, 1, &taken);
    bool is_language =
        known && (known->meaning == RELEASE_IS_LANGUAGE || known->meaning == RELEASE_IS_CAPITALS ||
                  known->meaning == RELEASE_IS_SUBTITLE);
    if (is_language && known->text)
        return language_parse(known->text, out);
    char tag[LANGUAGE_LEN];
    if (len != 2 && !(len == 5 && (word[2] == '-' || word[2] == '_')))
        return false;
    memcpy(tag, word, len);
    tag[len] = '\0';
    return language_parse(tag, out);
}
