"""Two trees and their dated link: statutory divisions (行政区划) and jurisdiction."""
