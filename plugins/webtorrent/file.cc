/* SPDX-License-Identifier: MIT */
#include "webtorrent/engine.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace webtorrent
{

bool read_file(const std::string &path, size_t limit, std::vector<char> *out)
{
    struct stat about;
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    bool is_whole = false;

    if (fd < 0)
        return false;
    if (fstat(fd, &about) == 0 && about.st_size >= 0 &&
        static_cast<size_t>(about.st_size) <= limit) {
        out->resize(static_cast<size_t>(about.st_size));
        is_whole = read(fd, out->data(), out->size()) == static_cast<ssize_t>(out->size());
    }
    close(fd);
    return is_whole;
}

/* Beside the old one, then in its place: a process that dies leaves one or the other.  Nothing
 * waits for the disk: after a power cut the file may be empty, and who reads it sees that. */
void write_file(const std::string &path, const char *bytes, size_t len)
{
    const std::string beside = path + ".new";
    const int fd = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    const bool is_written = fd >= 0 && write(fd, bytes, len) == static_cast<ssize_t>(len);
    const int why = errno;

    if (fd >= 0)
        close(fd);
    if (!is_written || rename(beside.c_str(), path.c_str()) != 0)
        throw Failure(
            why == ENOSPC ? PROVIDER_EFULL : PROVIDER_EIO,
            "cannot write '" + path + "': " +
                std::error_code(is_written ? errno : why, std::generic_category()).message());
}

} // namespace webtorrent
