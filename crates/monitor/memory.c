/* Where the system's allocator is glibc's: pieces of 128 KiB and more are mapped by themselves, and go back when they are freed.
   Left alone, glibc takes the largest such piece that was ever freed for the new limit, and a run keeps 20 MB of holes. Our Rust has
   no unsafe code, and no crate says it safely; so it is said here, before `main`. */
#include <malloc.h>

__attribute__((constructor)) static void monitor_map_large_pieces(void) { mallopt(M_MMAP_THRESHOLD, 128 << 10); }
