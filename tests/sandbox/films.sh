#!/bin/sh
# SPDX-License-Identifier: MIT
# Short films for the sandbox to seed: films.sh FOLDER [SECONDS].  Test pictures and a tone, in the containers that
# people share films in, each named as a release is; what FOLDER/reels.tsv says of them is at the end of this file.
# What is there already stays, so that its infohash does.  Needs ffmpeg.
set -eu

folder=$1
seconds=${2:-12}
export LC_ALL=C

command -v ffmpeg >/dev/null 2>&1 || { echo "films.sh: ffmpeg is missing" >&2; exit 1; }
test ! -f "$folder/reels.tsv" || exit 0
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
work=$(mktemp -d "$folder/.making-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

x264="-c:v libx264 -preset ultrafast -g 24 -pix_fmt yuv420p"
aac="-c:a aac -b:a 96k"

# film HUE SECONDS OPTION... FILE: a moving picture of that hue, with a tone.
film() {
    hue=$1
    length=$2
    shift 2
    ffmpeg -nostdin -loglevel error -y -f lavfi -t "$length" -i "testsrc2=size=640x360:rate=24,hue=h=$hue" \
        -f lavfi -t "$length" -i "sine=frequency=$((220 + hue))" -fflags +bitexact -flags:v +bitexact -flags:a +bitexact "$@"
}

# captions FILE TEXT: three lines of subtitles.
captions() {
    printf '1\n00:00:01,000 --> 00:00:03,000\n%s 1\n\n2\n00:00:04,000 --> 00:00:06,500\n%s 2\n\n3\n00:00:08,000 --> 00:00:09,000\n%s 3\n' \
        "$2" "$2" "$2" >"$1"
}

cd "$work"

name=Sintel.2010.720p.BluRay.x264-SANDBOX
mkdir "$name"
# shellcheck disable=SC2086
film 0 "$seconds" $x264 $aac "$name/$name.mp4" # its index is at the end
captions "$name/$name.en.srt" "A caption"

name=Night.of.the.Living.Dead.1968.720p.BluRay.x264-SANDBOX.mp4
# shellcheck disable=SC2086
film 60 "$seconds" $x264 $aac -movflags +faststart "$name"

name=Metropolis.1927.1080p.BluRay.x264-SANDBOX.mkv
captions de.srt "Zwischentitel"
captions en.srt "A card"
# shellcheck disable=SC2086
film 120 "$seconds" -i de.srt -i en.srt -map 0:v -map 1:a -map 2:s -map 3:s $x264 $aac -c:s srt \
    -metadata:s:a:0 language=eng -metadata:s:s:0 language=ger -metadata:s:s:1 language=eng "$name"

name=Charade.1963.720p.WEB.VP8-SANDBOX.webm
film 180 "$seconds" -c:v libvpx -deadline realtime -cpu-used 8 -b:v 1M -g 24 -c:a libopus -b:a 64k "$name"

name=Nosferatu.1922.720p.BluRay.x264-SANDBOX.mp4
# shellcheck disable=SC2086
film 240 "$seconds" $x264 $aac -movflags +faststart "$name"

name=Lighthouse.Nine.S01.720p.WEB.x264-SANDBOX
mkdir -p "$name/Sample" "$name/Extras" "$name/Subs"
for episode in 01 02 03; do
    # shellcheck disable=SC2086
    film "3$episode" 10 $x264 $aac "$name/Lighthouse.Nine.S01E$episode.720p.WEB.x264-SANDBOX.mkv"
done
# shellcheck disable=SC2086
film 10 2 $x264 $aac "$name/Sample/lighthouse.nine.s01e01.sample.mkv"
# shellcheck disable=SC2086
film 20 4 $x264 $aac "$name/Extras/Making.of.mkv"
captions "$name/Subs/Lighthouse.Nine.S01E01.en.srt" "The light"
# In the charsets that such files come in: windows-1252 and windows-1251.
captions "$name/Subs/Lighthouse.Nine.S01E01.de.srt" "$(printf 'Grün ist die Küste, müde der Wärter')"
captions "$name/Subs/Lighthouse.Nine.S01E01.ru.srt" "$(printf 'Маяк на краю света не гаснет')"
for language in de:WINDOWS-1252 ru:WINDOWS-1251; do
    subtitle=$name/Subs/Lighthouse.Nine.S01E01.${language%:*}.srt
    iconv -f UTF-8 -t "${language#*:}" "$subtitle" >"$subtitle.new" && mv "$subtitle.new" "$subtitle"
done

rm de.srt en.srt
mv -- * "$folder/"

# What it is called, the torrent's format, and which film of YTS's it is there.
tr ' ' '\t' >"$work/reels.tsv" <<END
Sintel.2010.720p.BluRay.x264-SANDBOX v1 tt1727587 720p
Night.of.the.Living.Dead.1968.720p.BluRay.x264-SANDBOX.mp4 hybrid tt0063350 720p
Metropolis.1927.1080p.BluRay.x264-SANDBOX.mkv v1 tt0017136 1080p
Charade.1963.720p.WEB.VP8-SANDBOX.webm v1 tt0056923 720p
Nosferatu.1922.720p.BluRay.x264-SANDBOX.mp4 v2 - -
Lighthouse.Nine.S01.720p.WEB.x264-SANDBOX hybrid - -
END
mv "$work/reels.tsv" "$folder/reels.tsv"
