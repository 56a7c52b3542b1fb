#!/bin/sh
# Puts a published site on S3 (or what speaks like it), each file with its media type and its caching.
#   docs/s3-upload.sh output s3://my-bucket [--endpoint-url https://…]
# Needs python3 and the `aws` command (or the one that the variable AWS names). The rules come from output/s3-metadata.json; what is gone here goes there, too.
set -eu
output=$1
bucket=$2
shift 2
python3 - "${AWS:-aws}" "$output" "$bucket" "$@" <<'PYTHON'
import json, subprocess, sys
aws, output, bucket, *more = sys.argv[1:]
for rule in json.load(open(f"{output}/s3-metadata.json", encoding="utf-8")):
    include = [word for pattern in rule["include"] for word in ("--include", pattern)]
    subprocess.run(
        [aws, "s3", "cp", "--recursive", "--no-guess-mime-type", "--exclude", "*", *include,
         "--content-type", rule["content_type"], "--cache-control", rule["cache_control"],
         f"{output}/www", bucket, *more],
        check=True,
    )
subprocess.run([aws, "s3", "sync", "--delete", "--size-only", f"{output}/www", bucket, *more], check=True)
PYTHON
