"""What is taken at most. A file over a limit is refused with a sentence that names the limit."""

MB = 1024 * 1024

IMAGE_BYTES = 100 * MB
AUDIO_BYTES = 200 * MB
VIDEO_BYTES = 200 * MB
MEDIA_BYTES = max(IMAGE_BYTES, AUDIO_BYTES, VIDEO_BYTES)
TABLE_BYTES = 1024 * MB
ARCHIVE_BYTES = 2048 * MB

IMAGE_PIXELS = 100_000_000
IMAGE_SIDE_PX = 65_500
IMAGE_LEAST_PX = 8  # of the shorter side; what is smaller is taken with a remark
IMAGE_WORKING_BYTES = 450_000_000  # what decoding may hold; what would need more is decoded smaller, or refused
FRAMES = 1_000  # of an animation; its first frame is what is labelled
PAGES = 100  # of a document, an animation or a file of many pictures that becomes parts
PAGE_PIXELS = 8_000_000  # of a page that is drawn; a larger sheet is drawn smaller
PAGE_SIGNS = 20_000  # of the text that a page holds beside its picture
PAGES_SIGNS = 150_000  # of that of all its pages
AUDIO_MS = 60 * 60 * 1000
VIDEO_MS = 10 * 60 * 1000
VIDEO_PIXELS = 9_000_000  # of one frame
VIDEO_FRAMES = 40_000

# The decoding child: private memory (RLIMIT_DATA), time on the processor, time on the wall, size of a written file.
CHILD_MEMORY_BYTES = {"image": 640 * MB, "audio": 256 * MB, "video": 256 * MB, "table": 512 * MB, "pages": 640 * MB}
CHILD_FILE_BYTES = {"table": TABLE_BYTES}  # and of all other kinds:
OTHER_FILE_BYTES = 300 * MB
UNPACKED_BYTES = TABLE_BYTES - 64 * MB  # of what a table holds, with its pictures
CHILD_CPU_S = {"image": 60, "audio": 60, "video": 240, "table": 120, "pages": 120}
CHILD_WALL_S = {"image": 120, "audio": 180, "video": 600, "table": 300, "pages": 300}

ARCHIVE_ENTRIES = 20_000
ARCHIVE_DIRECTORY_BYTES = 8 * MB
ARCHIVE_UNPACKED_BYTES = 4096 * MB
ARCHIVE_RATIO = 100  # unpacked / packed, for what unpacks to more than ARCHIVE_RATIO_FROM_BYTES
ARCHIVE_RATIO_FROM_BYTES = 20 * MB

REMOTE_S = 30
POST_S = 15  # the receiver of a webhook should take it and think later
