/* SPDX-License-Identifier: MIT
 *
 * Real names of releases, read whole, and names that mean harm. */
#include "release_name_test.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "naming/release_name.h"

static void write_ranges(const struct release_name_range *list, size_t n, struct text *out)
{
    for (size_t i = 0; i < n; i++) {
        text_add_format(out, "%s%u", i ? "," : "", list[i].first);
        if (list[i].last != list[i].first)
            text_add_format(out, "-%u", list[i].last);
    }
}

/* --- Real names, whole */

struct expected {
    const char *name, *title;
    unsigned year;
    const char *seasons, *episodes;
    unsigned lines;
    const char *source, *codec;
    unsigned channels_x10;
    const char *edition, *group;
};

/* clang-format off */
static const struct expected names[] = {
    { "1917.2019.1080p.BluRay.x264-SPARKS",
      "1917", 2019, "", "", 1080, "BluRay", "x264", 0, "", "SPARKS" },
    { "1917.1080p.BluRay.x264-SPARKS",
      "1917", 0, "", "", 1080, "BluRay", "x264", 0, "", "SPARKS" },
    { "2012 (2009) [1080p]",
      "2012", 2009, "", "", 1080, "", "", 0, "", "" },
    { "2001.A.Space.Odyssey.1968.2160p.UHD.BluRay.REMUX.HDR.HEVC.DTS-HD.MA.5.1-FGT",
      "2001 A Space Odyssey", 1968, "", "", 2160, "Remux", "x265", 51, "", "FGT" },
    { "Blade.Runner.2049.2017.1080p.WEB-DL.DD5.1.H264-FGT",
      "Blade Runner 2049", 2017, "", "", 1080, "WEB-DL", "x264", 51, "", "FGT" },
    { "Blade Runner 2049 1080p BluRay",
      "Blade Runner 2049", 0, "", "", 1080, "BluRay", "", 0, "", "" },
    { "Wonder.Woman.1984.2020.IMAX.2160p.HMAX.WEB-DL.DDP5.1.Atmos.HDR10Plus.HEVC-MZABI",
      "Wonder Woman 1984", 2020, "", "", 2160, "WEB-DL", "x265", 51, "IMAX", "MZABI" },
    { "[SubsPlease] Jujutsu Kaisen - 24 (1080p) [A1B2C3D4].mkv",
      "Jujutsu Kaisen", 0, "", "24", 1080, "", "", 0, "", "SubsPlease" },
    { "[HorribleSubs] One Piece - 927 [720p].mkv",
      "One Piece", 0, "", "927", 720, "", "", 0, "", "HorribleSubs" },
    { "[Judas] Vinland Saga (Season 2) [1080p][HEVC x265 10bit][Multi-Subs]",
      "Vinland Saga", 0, "2", "", 1080, "", "x265", 0, "", "Judas" },
    { "[Erai-raws] Boku no Hero Academia 5th Season - 01v2 [1080p][Multiple Subtitle][9A3F2B11].mkv",
      "Boku no Hero Academia", 0, "5", "1", 1080, "", "", 0, "", "Erai-raws" },
    { "[Coalgirls]_Clannad_(1920x1080_Blu-Ray_FLAC)_[1234ABCD]",
      "Clannad", 0, "", "", 1080, "BluRay", "", 0, "", "Coalgirls" },
    { "[Commie] Steins;Gate - 01-24 [BD 1080p AAC]",
      "Steins;Gate", 0, "", "1-24", 1080, "BluRay", "", 0, "", "Commie" },
    { "Breaking.Bad.S01.COMPLETE.720p.BluRay.x264-GalaxyTV",
      "Breaking Bad", 0, "1", "", 720, "BluRay", "x264", 0, "", "GalaxyTV" },
    { "Breaking Bad Season 1-5 Complete 1080p BluRay x265",
      "Breaking Bad", 0, "1-5", "", 1080, "BluRay", "x265", 0, "", "" },
    { "Game.of.Thrones.S08E01-E03.1080p.WEB.H264-MEMENTO",
      "Game of Thrones", 0, "8", "1-3", 1080, "WEB", "x264", 0, "", "MEMENTO" },
    { "Friends.S01E01E02.720p.BluRay.x264-PSYCHD",
      "Friends", 0, "1", "1-2", 720, "BluRay", "x264", 0, "", "PSYCHD" },
    { "The.Office.US.S03E24E25.720p.NF.WEB-DL.DDP5.1.x264-NTb",
      "The Office", 0, "3", "24-25", 720, "WEB-DL", "x264", 51, "", "NTb" },
    { "The.Daily.Show.2023.10.12.720p.WEB.h264-EDITH",
      "The Daily Show", 2023, "", "", 720, "WEB", "x264", 0, "", "EDITH" },
    { "Jimmy.Kimmel.2020.01.07.Eddie.Murphy.1080p.WEB.x264-XLF[rarbg]",
      "Jimmy Kimmel", 2020, "", "", 1080, "WEB", "x264", 0, "", "XLF" },
    { "The.Matrix.Resurrections.2021.2160p.WEB-DL.x265.10bit.HDR10.DV.DDP5.1.Atmos-XEBEC",
      "The Matrix Resurrections", 2021, "", "", 2160, "WEB-DL", "x265", 51, "", "XEBEC" },
    { "Avatar.2009.3D.HSBS.1080p.BluRay.x264-YIFY",
      "Avatar", 2009, "", "", 1080, "BluRay", "x264", 0, "", "YIFY" },
    { "Dune (2021) [2160p] [4K] [WEB] [5.1] [YTS.MX]",
      "Dune", 2021, "", "", 2160, "WEB", "", 51, "", "YTS.MX" },
    { "Spider-Man No Way Home (2021) HDCAM 1080p x264 AAC HC",
      "Spider-Man No Way Home", 2021, "", "", 1080, "CAM", "x264", 0, "", "" },
    { "The.Batman.2022.TS.XviD-AVID",
      "The Batman", 2022, "", "", 0, "TS", "xvid", 0, "", "AVID" },
    { "Parasite.2019.KOREAN.1080p.BluRay.H264.AAC-VXT",
      "Parasite", 2019, "", "", 1080, "BluRay", "x264", 0, "", "VXT" },
    { "Se7en.1995.REMASTERED.1080p.BluRay.x265-RARBG",
      "Se7en", 1995, "", "", 1080, "BluRay", "x265", 0, "Remastered", "RARBG" },
    { "10.Cloverfield.Lane.2016.1080p.BluRay.x264-SPARKS",
      "10 Cloverfield Lane", 2016, "", "", 1080, "BluRay", "x264", 0, "", "SPARKS" },
    { "300.2006.1080p.BluRay.x264",
      "300", 2006, "", "", 1080, "BluRay", "x264", 0, "", "" },
    { "9-1-1.S05E10.720p.HDTV.x264-SYNCOPY",
      "9-1-1", 0, "5", "10", 720, "HDTV", "x264", 0, "", "SYNCOPY" },
    { "24.S08E01.720p.BluRay.x264-SiNNERS",
      "24", 0, "8", "1", 720, "BluRay", "x264", 0, "", "SiNNERS" },
    { "The.100.S07E16.HDTV.x264-SVA",
      "The 100", 0, "7", "16", 0, "HDTV", "x264", 0, "", "SVA" },
    { "Room.104.S04E12.1080p.WEB.H264-GHOSTS",
      "Room 104", 0, "4", "12", 1080, "WEB", "x264", 0, "", "GHOSTS" },
    { "11.22.63.S01E01.1080p.WEB-DL.DD5.1.H264-RARBG",
      "11 22 63", 0, "1", "1", 1080, "WEB-DL", "x264", 51, "", "RARBG" },
    { "Das.Boot.1981.Directors.Cut.German.1080p.BluRay.x264-DETAiLS",
      "Das Boot", 1981, "", "", 1080, "BluRay", "x264", 0, "Director's Cut", "DETAiLS" },
    { "Der.Untergang.2004.German.DL.1080p.BluRay.x264-CONTRiBUTiON",
      "Der Untergang", 2004, "", "", 1080, "BluRay", "x264", 0, "", "CONTRiBUTiON" },
    { "La.Casa.de.Papel.S03.SPANISH.1080p.NF.WEBRip.DDP5.1.x264-TrollHD",
      "La Casa de Papel", 0, "3", "", 1080, "WEBRip", "x264", 51, "", "TrollHD" },
    { "Le.Fabuleux.Destin.dAmelie.Poulain.2001.FRENCH.1080p.BluRay.x264-GHT",
      "Le Fabuleux Destin dAmelie Poulain", 2001, "", "", 1080, "BluRay", "x264", 0, "", "GHT" },
    { "Les.Miserables.2019.MULTi.TRUEFRENCH.1080p.BluRay.x264.DTS-HDMA-UKDHD",
      "Les Miserables", 2019, "", "", 1080, "BluRay", "x264", 0, "", "UKDHD" },
    { "Il.Racconto.Dei.Racconti.2015.iTA.ENG.AC3.SUB.iTA.ENG.BluRay.1080p.x264.jeddak-MIRCrew",
      "Il Racconto Dei Racconti", 2015, "", "", 1080, "BluRay", "x264", 0, "", "jeddak-MIRCrew" },
    { "Чернобыль / Chernobyl [S01] (2019) WEB-DLRip 1080p от HDReZka",
      "Chernobyl", 2019, "1", "", 1080, "WEBRip", "", 0, "", "HDReZka" },
    { "Терминатор 2: Судный день / Terminator 2: Judgment Day (1991) BDRip 1080p",
      "Terminator 2: Judgment Day", 1991, "", "", 1080, "BDRip", "", 0, "", "" },
    { "Сталкер (1979) BDRip 720p",
      "Сталкер", 1979, "", "", 720, "BDRip", "", 0, "", "" },
    { "기생충.Parasite.2019.1080p.FHDRip.H264.AAC-NonDRM",
      "Parasite", 2019, "", "", 1080, "HDRip", "x264", 0, "", "NonDRM" },
    { "The.Wire.S01-S05.1080p.BluRay.x265-RARBG",
      "The Wire", 0, "1-5", "", 1080, "BluRay", "x265", 0, "", "RARBG" },
    { "The Sopranos - The Complete Series (Season 1,2,3,4,5,6) 720p",
      "The Sopranos", 0, "1-6", "", 720, "", "", 0, "", "" },
    { "Doctor.Who.2005.S12E01.Spyfall.Part.One.1080p.AMZN.WEB-DL.DDP5.1.H.264-NTb",
      "Doctor Who", 2005, "12", "1", 1080, "WEB-DL", "x264", 51, "", "NTb" },
    { "Castle.2009.S01E01.720p.HDTV.X264-DIMENSION",
      "Castle", 2009, "1", "1", 720, "HDTV", "x264", 0, "", "DIMENSION" },
    { "Marvels.WandaVision.S01E09.2160p.DSNP.WEB-DL.DDP5.1.Atmos.DV.HEVC-MZABI",
      "Marvels WandaVision", 0, "1", "9", 2160, "WEB-DL", "x265", 51, "", "MZABI" },
    { "Rick.and.Morty.S05E03.PROPER.1080p.WEBRip.x264-BAE",
      "Rick and Morty", 0, "5", "3", 1080, "WEBRip", "x264", 0, "", "BAE" },
    { "Top.Gun.Maverick.2022.IMAX.REPACK.1080p.BluRay.DDP7.1.x264-HiDt",
      "Top Gun Maverick", 2022, "", "", 1080, "BluRay", "x264", 71, "IMAX", "HiDt" },
    { "Mad Max Fury Road 2015 1080p BluRay x264 TrueHD 7.1 Atmos-RARBG",
      "Mad Max Fury Road", 2015, "", "", 1080, "BluRay", "x264", 71, "", "RARBG" },
    { "Kill.Bill.The.Whole.Bloody.Affair.2011.1080p.BluRay",
      "Kill Bill The Whole Bloody Affair", 2011, "", "", 1080, "BluRay", "", 0, "", "" },
    { "V.for.Vendetta.2005.1080p.BluRay.x264",
      "V for Vendetta", 2005, "", "", 1080, "BluRay", "x264", 0, "", "" },
    { "M.1931.Criterion.1080p.BluRay.FLAC.x264",
      "M", 1931, "", "", 1080, "BluRay", "x264", 0, "Criterion", "" },
    { "X.2022.1080p.WEBRip.x264-RARBG",
      "X", 2022, "", "", 1080, "WEBRip", "x264", 0, "", "RARBG" },
    { "Pi.1998.1080p.BluRay",
      "Pi", 1998, "", "", 1080, "BluRay", "", 0, "", "" },
    { "S01E01.Pilot.mkv",
      "", 0, "1", "1", 0, "", "", 0, "", "" },
    { "Movie.mkv",
      "Movie", 0, "", "", 0, "", "", 0, "", "" },
    { "Lost 2004 S01-06 720p",
      "Lost", 2004, "1-6", "", 720, "", "", 0, "", "" },
    { "Twin Peaks S03E18 1080i HDTV MPEG2 DD5.1",
      "Twin Peaks", 0, "3", "18", 1080, "HDTV", "mpeg2", 51, "", "" },
    { "Mr.Robot.S04E13.iNTERNAL.1080p.WEB.x264-BAMBOOZLE",
      "Mr Robot", 0, "4", "13", 1080, "WEB", "x264", 0, "", "BAMBOOZLE" },
    { "The.Mandalorian.S02E08.Chapter.16.1080p.WEB-DL",
      "The Mandalorian", 0, "2", "8", 1080, "WEB-DL", "", 0, "", "" },
    { "Planet.Earth.II.S01.2160p.UHD.BluRay.x265.10bit.HDR.DTS-HD.MA.5.1",
      "Planet Earth II", 0, "1", "", 2160, "BluRay", "x265", 51, "", "" },
    { "WWE.Friday.Night.SmackDown.2021.01.15.1080p.WEB.h264-HEEL",
      "WWE Friday Night SmackDown", 2021, "", "", 1080, "WEB", "x264", 0, "", "HEEL" },
    { "Formula.1.2021x22.Abu.Dhabi.Race.1080p",
      "Formula 1", 0, "2021", "22", 1080, "", "", 0, "", "" },
    { "Fargo (1996) 1080p BrRip x264 - 1.2GB - YIFY",
      "Fargo", 1996, "", "", 1080, "BRRip", "x264", 0, "", "YIFY" },
    { "Toy.Story.4.2019.720p.HC.HDRip.x264-EVO",
      "Toy Story 4", 2019, "", "", 720, "HDRip", "x264", 0, "", "EVO" },
    { "The.Good.The.Bad.and.the.Ugly.1966.EXTENDED.REMASTERED.720p.BluRay",
      "The Good The Bad and the Ugly", 1966, "", "", 720, "BluRay", "", 0, "Extended, Remastered", "" },
    { "Apollo 13 (1995)",
      "Apollo 13", 1995, "", "", 0, "", "", 0, "", "" },
    { "[YTS.MX] Apollo 13 (1995) 1080p",
      "Apollo 13", 1995, "", "", 1080, "", "", 0, "", "" },
    { "[DKB] Bleach - Thousand-Year Blood War - S01E01 [1080p][HEVC x265 10bit][Multi-Subs]",
      "Bleach - Thousand-Year Blood War", 0, "1", "1", 1080, "", "x265", 0, "", "DKB" },
    { "Attack on Titan S04E28 1080p WEB H264-SENPAI",
      "Attack on Titan", 0, "4", "28", 1080, "WEB", "x264", 0, "", "SENPAI" },
    { "Shingeki no Kyojin - The Final Season - 05",
      "Shingeki no Kyojin - The Final Season", 0, "", "5", 0, "", "", 0, "", "" },
    { "Naruto Shippuden Episode 500 English Dubbed",
      "Naruto Shippuden", 0, "", "500", 0, "", "", 0, "", "" },
    { "One-Punch Man S2 - 05 VOSTFR",
      "One-Punch Man", 0, "2", "5", 0, "", "", 0, "", "" },
    { "Vikings S06E11 FRENCH WEBRip x264-EXTREME",
      "Vikings", 0, "6", "11", 0, "WEBRip", "x264", 0, "", "EXTREME" },
    { "La Casa De Papel Temporada 5 Cap 501 HDTV 720p",
      "La Casa De Papel", 0, "5", "1", 720, "HDTV", "", 0, "", "" },
    { "The Witcher [Temporada 2][Cap.201][WEB-DL 1080p][AC3 5.1 Castellano]",
      "The Witcher", 0, "2", "1", 1080, "WEB-DL", "", 51, "", "" },
    { "Gomorrah.S05E10.iTALiAN.1080p.WEB.H264-SHARK",
      "Gomorrah", 0, "5", "10", 1080, "WEB", "x264", 0, "", "SHARK" },
    { "Dark.S03.GERMAN.DL.1080p.WEB.x264-4SF",
      "Dark", 0, "3", "", 1080, "WEB", "x264", 0, "", "4SF" },
    { "Squid.Game.S01.KOREAN.DUBBED.720p.NF.WEBRip.x264-GalaxyRG",
      "Squid Game", 0, "1", "", 720, "WEBRip", "x264", 0, "", "GalaxyRG" },
    { "Everything.Everywhere.All.at.Once.2022.1080p.WEBRip.10Bit.6CH.x265.HEVC-PSA",
      "Everything Everywhere All at Once", 2022, "", "", 1080, "WEBRip", "x265", 51, "", "PSA" },
    { "No.Time.to.Die.2021.1080p.AMZN.WEB-DL.DDP5.1.Atmos.H.264-CMRG",
      "No Time to Die", 2021, "", "", 1080, "WEB-DL", "x264", 51, "", "CMRG" },
    { "Halloween.Kills.2021.EXTENDED.CUT.1080p.WEBRip.1400MB.DD5.1.x264-GalaxyRG",
      "Halloween Kills", 2021, "", "", 1080, "WEBRip", "x264", 51, "Extended", "GalaxyRG" },
    { "Cinderella.Man.2005.DVDRip.XviD-DiAMOND",
      "Cinderella Man", 2005, "", "", 0, "DVDRip", "xvid", 0, "", "DiAMOND" },
    { "Amadeus.1984.DC.1080p.BluRay.x264.DTS-WiKi",
      "Amadeus", 1984, "", "", 1080, "BluRay", "x264", 0, "Director's Cut", "WiKi" },
    { "[REC].2007.1080p.BluRay.x264",
      "REC", 2007, "", "", 1080, "BluRay", "x264", 0, "", "" },
    { "(500) Days of Summer (2009) 1080p",
      "(500) Days of Summer", 2009, "", "", 1080, "", "", 0, "", "" },
    { "Love, Death & Robots S03 1080p",
      "Love, Death & Robots", 0, "3", "", 1080, "", "", 0, "", "" },
    { "What.We.Do.in.the.Shadows.S04E01.1080p.DSNP.WEB-DL",
      "What We Do in the Shadows", 0, "4", "1", 1080, "WEB-DL", "", 0, "", "" },
    { "Charlottes.Web.2006.1080p.WEB-DL",
      "Charlottes Web", 2006, "", "", 1080, "WEB-DL", "", 0, "", "" },
    { "The French Dispatch 2021 1080p",
      "The French Dispatch", 2021, "", "", 1080, "", "", 0, "", "" },
    { "The.Italian.Job.2003.1080p.BluRay",
      "The Italian Job", 2003, "", "", 1080, "BluRay", "", 0, "", "" },
    { "The.English.S01E01.1080p.iP.WEB-DL.AAC2.0",
      "The English", 0, "1", "1", 1080, "WEB-DL", "", 20, "", "" },
    { "American Horror Story S10 E05 1080p",
      "American Horror Story", 0, "10", "5", 1080, "", "", 0, "", "" },
    { "Mission.Impossible.-.Fallout.2018.IMAX.UHD.BluRay.2160p",
      "Mission Impossible - Fallout", 2018, "", "", 2160, "BluRay", "", 0, "IMAX", "" },
    { "Star Wars Episode IV A New Hope (1977) 1080p",
      "Star Wars Episode IV A New Hope", 1977, "", "", 1080, "", "", 0, "", "" },
    { "Frozen.II.2019.1080p.BluRay",
      "Frozen II", 2019, "", "", 1080, "BluRay", "", 0, "", "" },
    { "1883 S01 Complete 720p WEB-DL x264",
      "1883", 0, "1", "", 720, "WEB-DL", "x264", 0, "", "" },
    { "1923.S01E01.1080p.WEB.h264-TRUFFLE",
      "1923", 0, "1", "1", 1080, "WEB", "x264", 0, "", "TRUFFLE" },
    { "Terminator 3 (2003) DVDRip XviD",
      "Terminator 3", 2003, "", "", 0, "DVDRip", "xvid", 0, "", "" },
    { "The.Dark.Knight.2008.IMAX.1080p.BluRay.DDP.5.1.x265.10bit-GalaxyRG265[TGx]",
      "The Dark Knight", 2008, "", "", 1080, "BluRay", "x265", 51, "IMAX", "GalaxyRG265" },
    { "Shazam!.Fury.of.the.Gods.2023.1080p.WEBRip.x264.AAC5.1-[YTS.MX].mp4",
      "Shazam! Fury of the Gods", 2023, "", "", 1080, "WEBRip", "x264", 51, "", "YTS.MX" },
    { "Title.With.No.Tags",
      "Title With No Tags", 0, "", "", 0, "", "", 0, "", "" },
    { "Title - Subtitle",
      "Title - Subtitle", 0, "", "", 0, "", "", 0, "", "" },
    { "www.UIndex.org    -    Silo S02E01 1080p HEVC x265-MeGusta",
      "Silo", 0, "2", "1", 1080, "", "x265", 0, "", "MeGusta" },
    { "[ www.TorrentDay.com ] - Homeland.S05E01.720p.HDTV.x264-KILLERS",
      "Homeland", 0, "5", "1", 720, "HDTV", "x264", 0, "", "KILLERS" },
    { "Pulp Fiction (1994) [REMASTERED] [1080p] [WEBRip] [5.1] [YTS.MX]",
      "Pulp Fiction", 1994, "", "", 1080, "WEBRip", "", 51, "Remastered", "YTS.MX" },
    { "Stranger Things (2016) Season 4 S04 (1080p NF WEB-DL x265 HEVC 10bit EAC3 Atmos 5.1 Ghost)",
      "Stranger Things", 2016, "4", "", 1080, "WEB-DL", "x265", 51, "", "Ghost" },
    { "Yellowjackets.S02E03.Digestif.1080p.AMZN.WEB-DL.DDP5.1.H.264-NTb.mkv",
      "Yellowjackets", 0, "2", "3", 1080, "WEB-DL", "x264", 51, "", "NTb" },
    { "Cowboy.Bebop.1998.S01.1080p.BluRay.Dual-Audio.FLAC2.0.x265-Kawaiika-Raws",
      "Cowboy Bebop", 1998, "1", "", 1080, "BluRay", "x265", 20, "", "Kawaiika-Raws" },
    { "[Anime Time] Naruto Shippuden (001-500 + Movies) [1080p][HEVC 10bit x265][AAC]",
      "Naruto Shippuden", 0, "", "1-500", 1080, "", "x265", 0, "", "Anime Time" },
    { "[VCB-Studio] Hyouka [Ma10p_1080p]",
      "Hyouka", 0, "", "", 1080, "", "", 0, "", "VCB-Studio" },
    { "Dragon Ball Z - 001-291 (1989) 480p",
      "Dragon Ball Z", 1989, "", "1-291", 480, "", "", 0, "", "" },
    { "Peppa Pig S06E10E11E12",
      "Peppa Pig", 0, "6", "10-12", 0, "", "", 0, "", "" },
    { "True.Detective.S01.Season.1.Complete.1080p.BluRay",
      "True Detective", 0, "1", "", 1080, "BluRay", "", 0, "", "" },
    { "Poirot - 1x01 - The Adventure of the Clapham Cook (1989)",
      "Poirot", 1989, "1", "1", 0, "", "", 0, "", "" },
    { "Columbo.S01.DVDRip.x264-FiHTV",
      "Columbo", 0, "1", "", 0, "DVDRip", "x264", 0, "", "FiHTV" },
    { "Sherlock.S00E10.The.Abominable.Bride.1080p",
      "Sherlock", 0, "0", "10", 1080, "", "", 0, "", "" },
    { "Good.Omens.S02E01.1080p.HEVC.x265-MeGusta[eztv.re].mkv",
      "Good Omens", 0, "2", "1", 1080, "", "x265", 0, "", "MeGusta" },
    { "Big Buck Bunny (2008) [3D] [OU]",
      "Big Buck Bunny", 2008, "", "", 0, "", "", 0, "", "" },
    { "El.Hoyo.2019.SPANISH.1080p.NF.WEBRip.DDP5.1.x264-CM",
      "El Hoyo", 2019, "", "", 1080, "WEBRip", "x264", 51, "", "CM" },
    { "Amelie.2001.1080p.BluRay.x264.anoXmous_.mp4",
      "Amelie", 2001, "", "", 1080, "BluRay", "x264", 0, "", "anoXmous" },
    { "Alien.1979.Theatrical.Cut.2160p.BluRay.x265.10bit.SDR.DTS-HD.MA.TrueHD.7.1.Atmos-SWTYBLZ",
      "Alien", 1979, "", "", 2160, "BluRay", "x265", 71, "Theatrical", "SWTYBLZ" },
    { "The.Hobbit.The.Desolation.of.Smaug.2013.EXTENDED.3D.1080p.BluRay.x264.Half-OU",
      "The Hobbit The Desolation of Smaug", 2013, "", "", 1080, "BluRay", "x264", 0, "Extended", "" },
    { "House.of.the.Dragon.S01E01.The.Heirs.of.the.Dragon.2160p.HMAX.WEB-DL.DDP5.1.Atmos.DV.HDR.H.265-SMURF",
      "House of the Dragon", 0, "1", "1", 2160, "WEB-DL", "x265", 51, "", "SMURF" },
    { "Das.Leben.der.Anderen.2006.German.AC3.DVDRip.XviD",
      "Das Leben der Anderen", 2006, "", "", 0, "DVDRip", "xvid", 0, "", "" },
    { "Tenet.2020.1080p.Bluray.DTS-HD.MA.5.1.X264-EVO",
      "Tenet", 2020, "", "", 1080, "BluRay", "x264", 51, "", "EVO" },
    { "Le Grand Bleu 1988 VFF 1080p BluRay",
      "Le Grand Bleu", 1988, "", "", 1080, "BluRay", "", 0, "", "" },
    { "La.Haine.1995.FRENCH.1080p.BluRay.x264-FiDELiO",
      "La Haine", 1995, "", "", 1080, "BluRay", "x264", 0, "", "FiDELiO" },
    { "Кин-дза-дза! (1986) BDRip-AVC",
      "Кин-дза-дза!", 1986, "", "", 0, "BDRip", "x264", 0, "", "" },
    { "Брат 2 2000 DVDRip",
      "Брат 2", 2000, "", "", 0, "DVDRip", "", 0, "", "" },
    { "進撃の巨人 第03話 1080p",
      "進撃の巨人", 0, "", "3", 1080, "", "", 0, "", "" },
    { "我的前半生 第01-42集 1080p WEB-DL",
      "我的前半生", 0, "", "1-42", 1080, "WEB-DL", "", 0, "", "" },
    { "The.Boys.S04.1080p.x265-ELiTE",
      "The Boys", 0, "4", "", 1080, "", "x265", 0, "", "ELiTE" },
    { "One.Piece.S21E1089.Entering.a.New.Chapter.1080p.CR.WEB-DL",
      "One Piece", 0, "21", "1089", 1080, "WEB-DL", "", 0, "", "" },
    { "NCIS.S20E01.HDTV.x264-TORRENTGALAXY",
      "NCIS", 0, "20", "1", 0, "HDTV", "x264", 0, "", "TORRENTGALAXY" },
    { "Shameless.US.S11E12.FINAL.720p.WEB",
      "Shameless", 0, "11", "12", 720, "WEB", "", 0, "", "" },
    { "Top Gear - 22x03 - 2015.02.08",
      "Top Gear", 2015, "22", "3", 0, "", "", 0, "", "" },
    { "Last.Week.Tonight.with.John.Oliver.S08E01.720p.WEB.H264-GGEZ",
      "Last Week Tonight with John Oliver", 0, "8", "1", 720, "WEB", "x264", 0, "", "GGEZ" },
    { "Rurouni Kenshin 2012 JAPANESE 1080p",
      "Rurouni Kenshin", 2012, "", "", 1080, "", "", 0, "", "" },
    { "The Matrix 1999 4K UHD HDR10 x265",
      "The Matrix", 1999, "", "", 2160, "", "x265", 0, "", "" },
    { "Inception 2010",
      "Inception", 2010, "", "", 0, "", "", 0, "", "" },
    { "Inception",
      "Inception", 0, "", "", 0, "", "", 0, "", "" },
};

/* clang-format on */

static void judge(const struct expected *wanted)
{
    struct release_name have = parse(wanted->name);
    CLEANUP(text_done) struct text seasons = TEXT_INIT(200), episodes = TEXT_INIT(200);
    const char *source = release_name_source_word(have.source);
    const char *codec = quality_codec_word(have.codec);
    write_ranges(have.seasons, have.n_seasons, &seasons);
    write_ranges(have.episodes, have.n_episodes, &episodes);
    assert_string_equal(have.title, wanted->title);
    assert_int_equal(have.year, wanted->year);
    assert_string_equal(text_string(&seasons), wanted->seasons);
    assert_string_equal(text_string(&episodes), wanted->episodes);
    assert_int_equal(have.lines, wanted->lines);
    assert_int_equal(have.quality, quality_of_lines(wanted->lines));
    assert_string_equal(source ? source : "", wanted->source);
    assert_string_equal(codec ? codec : "", wanted->codec);
    assert_int_equal(have.channels_x10, wanted->channels_x10);
    assert_string_equal(have.edition, wanted->edition);
    assert_string_equal(have.group, wanted->group);
}

static void real_names_are_read_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        print_message("# %s\n", names[i].name);
        judge(&names[i]);
    }
}

/* --- Hostile input */

static void expect_sound(const struct release_name *name)
{
    assert_true(text_is_utf8(name->title, strlen(name->title)));
    assert_true(text_is_utf8(name->other_title, strlen(name->other_title)));
    assert_true(text_is_utf8(name->group, strlen(name->group)));
    assert_in_range(name->n_episodes, 0, RELEASE_NAME_RANGES);
    assert_in_range(name->n_languages, 0, RELEASE_NAME_LANGUAGES);
}

static void nothing_is_read_out_of_nothing(void **state)
{
    (void)state;
    static const char *const nothing[] = { "",         " ",      ".",           "....",  "[]",
                                           "[[[[",     "))))",   "-",           "- - -", "\x01\x02",
                                           "\xff\xfe", "()[]{}", "\u3010\u3011" };
    for (size_t i = 0; i < ARRAY_LEN(nothing); i++) {
        struct release_name name = parse(nothing[i]);
        assert_string_equal(name.title, "");
        assert_string_equal(name.group, "");
        assert_int_equal(name.kind, RELEASE_MOVIE);
        assert_int_equal(name.quality, QUALITY_NONE);
    }
    struct release_name name;
    release_name_parse("A\0B", 3, &name);
    assert_string_equal(name.title, "A B");
}

static void endless_names_are_cut(void **state)
{
    (void)state;
    static const char *const parts[] = { "[",     "a.",     "S01E01", "1080p.", "(",     "\u00e9",
                                         "eng.",  "-",      "S01.",   "E01",    "1-2-",  "dts.",
                                         "2019.", "\u7b2c", "1~2 ~",  "1x02-",  "\uff5e" };
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        CLEANUP(text_done) struct text text = TEXT_INIT(200000);
        while (text.len < 100000)
            text_add_string(&text, parts[i]);
        struct release_name name;
        release_name_parse(text.bytes, text.len, &name);
        expect_sound(&name);
    }
}

static void a_title_is_not_cut_within_a_character(void **state)
{
    (void)state;
    static const char *const gaps[] = { "\u3001", "\uff5e", " \u3001 ", "\u300d", "\u00e9" };
    for (size_t i = 0; i < ARRAY_LEN(gaps); i++)
        for (size_t len = RELEASE_NAME_TITLE - 12; len < RELEASE_NAME_TITLE + 4; len++) {
            CLEANUP(text_done) struct text text = TEXT_INIT(1024);
            while (text.len < len)
                text_add_char(&text, 'a');
            for (size_t k = 0; k < 4; k++)
                text_add_string(&text, gaps[i]);
            text_add_string(&text, "b 1080p");
            struct release_name name = parse(text_string(&text));
            expect_sound(&name);
        }
}

static void controls_and_turned_text_do_not_pass(void **state)
{
    (void)state;
    struct release_name name = parse("A\x1b[31m \xe2\x80\xaegpj\x07 2019 1080p-G\xffR");
    assert_null(strpbrk(name.title, "\x1b\x07"));
    assert_null(strstr(name.title, "\xe2\x80\xae"));
    expect_sound(&name);
}

static void a_name_cut_anywhere_is_still_sound(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        for (size_t len = 0; len <= strlen(names[i].name); len++) {
            CLEANUP(mem_free) char *part = malloc(len ? len : 1); /* no NUL behind: for ASan */
            struct release_name name;
            assert_non_null(part);
            memcpy(part, names[i].name, len);
            release_name_parse(part, len, &name);
            expect_sound(&name);
        }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(real_names_are_read_whole),
    cmocka_unit_test(nothing_is_read_out_of_nothing),
    cmocka_unit_test(endless_names_are_cut),
    cmocka_unit_test(a_title_is_not_cut_within_a_character),
    cmocka_unit_test(controls_and_turned_text_do_not_pass),
    cmocka_unit_test(a_name_cut_anywhere_is_still_sound),
};

int main(void)
{
    const struct test_part parts[] = { TEST_PART(tests), release_name_fields_part,
                                       release_name_traps_part };
    return run_parts(parts, ARRAY_LEN(parts), NULL, NULL);
}
