/* SPDX-License-Identifier: MIT
 *
 * Torrents for measurements, seeded by a process of its own, so that neither its memory nor its
 * processor time counts as ours.  Made before the measuring process has threads. */
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

struct seeded {
    std::string hash, path; /* 40 digits; the .torrent */
};

class Seed
{
  public:
    /* `n_known` torrents of 2,048 pieces that only their description is asked of, and `n_files` of
     * `size` random bytes in one file. */
    Seed(size_t n_known, size_t n_files, int64_t size, int piece_length);
    Seed(const Seed &) = delete;
    Seed &operator=(const Seed &) = delete;
    ~Seed();

    std::string folder, tracker;
    std::vector<seeded> known, files;
    int port = 0;

  private:
    pid_t child_ = -1;
    int hold_ = -1; /* closed: the child ends */
};
