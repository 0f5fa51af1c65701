#!/usr/bin/env python3
"""Measures the C# files below a folder (default src): sizes of files and methods, constructors with many parameters, namespaces, cycles, duplicates."""
import collections, pathlib, re, statistics, sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "src")
MOST_PARAMETERS = 7
DUPLICATE_LINES = 8

METHOD = re.compile(r"^( +)(?:(?:public|private|protected|internal|static|async|override|virtual|sealed|partial|unsafe|new)\s+)+[^=;]*?\b\w+(?:<[^>]*>)?\(")
TYPE = re.compile(r"\b(?:class|struct|record|interface|enum|delegate)\s+\w+")
CONSTRUCTOR = re.compile(r"\b(?:class|struct)\s+(\w+)(?:<[^>]*>)?\(|^ +(?:public|internal|private|protected)\s+(\w+)\(", re.M)


def method_sizes(lines):
    for index, line in enumerate(lines):
        if not (match := METHOD.match(line)) or TYPE.search(line):
            continue
        end = index
        while end < len(lines) - 1 and not re.search(r"=>|;\s*$", lines[end]) and lines[end].strip() != "{":
            end += 1
        if lines[end].strip() == "{":
            close = next((last for last in range(end, len(lines)) if lines[last].rstrip() == match[1] + "}"), end)
            yield close - end - 1
        elif "=>" in lines[end]:
            yield next((last for last in range(end, len(lines)) if lines[last].rstrip().endswith(";")), end) - end + 1


def parameters(text, start):
    depth, commas, seen = 0, 0, False
    for character in text[start:]:
        depth += character in "(<[{"
        depth -= character in ")>]}"
        if depth < 0:
            break
        commas += character == "," and depth == 0
        seen = seen or not character.isspace()
    return commas + 1 if seen else 0


def constructors(path, text):
    for match in CONSTRUCTOR.finditer(text):
        name = match[1] or match[2]
        if (match[1] or re.search(rf"\b(?:class|struct) {name}\b", text)) and (count := parameters(text, match.end())) > MOST_PARAMETERS:
            yield count, f"{name} ({path})"


def cycles(uses):
    """Groups of folders that reach each other."""
    def reach(start):
        found, open_ = set(), [start]
        while open_:
            for other in uses[open_.pop()] - found:
                found.add(other)
                open_.append(other)
        return found

    reached = {folder: reach(folder) for folder in list(uses)}
    groups = {frozenset([folder, *(other for other in reached[folder] if folder in reached.get(other, ()))]) for folder in reached}
    return sorted(sorted(group) for group in groups if len(group) > 1)


def expected_namespace(path):
    project = next((parent for parent in path.parents if any(parent.glob("*.csproj"))), ROOT)
    named = [match[1] for file in project.glob("*.csproj") if (match := re.search(r"<RootNamespace>([^<]+)", file.read_text()))]
    return ".".join([*(named or [project.name]), *path.relative_to(project).parts[:-1]])


files = {path: path.read_text(encoding="utf-8-sig") for path in sorted(ROOT.glob("**/*.cs")) if not {"obj", "bin"} & set(path.relative_to(ROOT).parts)}
folders = {path: "/".join(path.relative_to(ROOT).parts[:2]) for path in files if len(path.relative_to(ROOT).parts) > 2}
namespaces = {match[1]: folder for path, folder in folders.items() if (match := re.search(r"^namespace ([\w.]+);", files[path], re.M))}
uses, windows = collections.defaultdict(set), collections.defaultdict(set)
for path, text in files.items():
    for used in re.findall(r"^using ([\w.]+);", text, re.M):
        if path in folders and (other := namespaces.get(used, folders[path])) != folders[path] and other.split("/")[0] == folders[path].split("/")[0]:
            uses[folders[path]].add(other)
    code = [line.strip() for line in text.split("\n") if re.search(r"\w", line) and not re.match(r"\s*(?:using |namespace |///)", line)]
    for index in range(len(code) - DUPLICATE_LINES + 1):
        windows["\n".join(code[index:index + DUPLICATE_LINES])].add(path)

sizes = [text.count("\n") for text in files.values()]
methods = [size for text in files.values() for size in method_sizes(text.split("\n"))]
large = sorted((found for path, text in files.items() for found in constructors(path, text)), reverse=True)
rings = cycles(uses)
strange = [path for path, text in files.items() if (match := re.search(r"^namespace ([\w.]+);", text, re.M)) and match[1] != expected_namespace(path)]
pairs = {tuple(sorted(map(str, (one, other)))) for paths in windows.values() for one in paths for other in paths if one != other}

for name, value in (
    ("files", len(sizes)), ("lines", sum(sizes)), ("median file", statistics.median_low(sizes)), ("largest file", max(sizes)),
    ("files up to 200 lines", f"{sum(size <= 200 for size in sizes) / len(sizes):.0%}"),
    ("methods", len(methods)), ("median method", statistics.median_low(methods)), ("p99 method", sorted(methods)[len(methods) * 99 // 100]), ("largest method", max(methods)),
    (f"constructors over {MOST_PARAMETERS} parameters", len(large)), ("namespaces unlike their folder", len(strange)),
    ("folders in cycles", sum(map(len, rings))), ("pairs of files with duplicate code", len(pairs)),
):
    print(f"{name:36} {value:>8}")
for count, name in large:
    print(f"constructor of {count}: {name}")
for ring in rings:
    print("cycle:", ", ".join(ring))
for pair in sorted(pairs):
    print("duplicate:", *pair)
