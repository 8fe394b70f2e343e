#!/bin/sh
# Links the runtime image: image.sh JDK MODULES SERVER_JAR IMAGE PROJECT
set -eu
jdk=$1 modules=$2 jar=$3 image=$4 project=$5

case $(uname -m) in
  x86_64) arch=x86_64 ;;
  aarch64 | arm64) arch=aarch64 ;;
  *) echo "image.sh: SQLite's native library isn't known for $(uname -m)" >&2; exit 1 ;;
esac

sbom=$(dirname "$jar")/sbom.cdx.json
[ -e "$sbom" ] || {
  echo "image.sh: $sbom is missing: Maven makes it where it isn't offline, once" >&2
  exit 1
}

rm -rf "$image"
"$jdk/bin/java" "$(dirname "$0")/Renew.java" "$modules"/picocli-*.jar
# SQLite's library lies in lib: from a jar it would be unpacked into the temporary folder at every start, and left there
# by a kill. Serial is the collector with the best throughput and the least memory on few cores.
"$jdk/bin/jlink" \
  --module-path "$modules:$jar" \
  --add-modules io.perennial.server \
  --output "$image" \
  --strip-debug --no-header-files --no-man-pages --compress=zip-6 \
  --exclude-resources='/org.xerial.sqlitejdbc/org/sqlite/native/**,/org.xerial.sqlitejdbc/META-INF/**' \
  --add-options=' --enable-native-access=org.xerial.sqlitejdbc -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError'

library=org/sqlite/native/Linux/$arch/libsqlitejdbc.so
(cd "$image/lib" && "$jdk/bin/jar" --extract --file "$(ls "$modules"/sqlite-jdbc-*.jar)" "$library" &&
  mv "$library" . && rm -r org)

cp "$project/bin/perennial" "$image/bin/perennial"
mkdir "$image/etc"
cp -r "$project"/etc/. "$image/etc/"
cp "$sbom" "$image/"

"$jdk/bin/java" "$(dirname "$0")/Train.java" "$image"
